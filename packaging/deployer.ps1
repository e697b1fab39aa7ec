# Put the Windows folder where every account of this PC finds it, or replace it by another version, as an administrator.
# For Windows PowerShell 5.1, which reads the accents of a script only if it begins with a byte order mark, as this one does.
# How to call it: docs/deploiement.md. Run again after a failure, it goes on: nothing is taken away before the new folder works.
param(
    [Parameter(Mandatory)] [string] $Zip,
    [Parameter(Mandatory)] [string] $Sha256,
    [string] $Dossier = "$env:ProgramFiles\ecps-guide"
)
$ErrorActionPreference = 'Stop'
$copy, $new, $old = "$Dossier.zip", "$Dossier.nouveau", "$Dossier.ancien"

# All beside the folder, where only an administrator writes: what is checked is what is unpacked, and has the rights of that place.
Copy-Item -LiteralPath $Zip -Destination $copy
$found = (Get-FileHash -LiteralPath $copy -Algorithm SHA256).Hash
if ($found -ne $Sha256) {
    Remove-Item -LiteralPath $copy
    throw "L’empreinte de « $Zip » est $found, et non $Sha256. Rien n’a été posé."
}
Unblock-File -LiteralPath $copy
if (Test-Path -LiteralPath $new) { Remove-Item -LiteralPath $new -Recurse -Force }
Expand-Archive -LiteralPath $copy -DestinationPath $new
Remove-Item -LiteralPath $copy
& "$new\ecps-guide.cmd" --version
if ($LASTEXITCODE) { throw "La nouvelle version ne se lance pas sur ce poste. Rien n’a été remplacé." }

# Windows renames no folder that somebody is using: this then stops here, with the old version as it was.
if (Test-Path -LiteralPath $Dossier) {
    if (Test-Path -LiteralPath $old) { Remove-Item -LiteralPath $old -Recurse -Force }
    Move-Item -LiteralPath $Dossier -Destination $old
}
Move-Item -LiteralPath $new -Destination $Dossier

$menu = "$env:ProgramData\Microsoft\Windows\Start Menu\Programs"
$shortcut = (New-Object -ComObject WScript.Shell).CreateShortcut("$menu\ecps-guide.lnk")
$shortcut.TargetPath = "$Dossier\ecps-guide.cmd"
$shortcut.Save()
