@echo off
rem Starts ecps-guide with the Python of this folder. A double click gives the menu; its window stays open at the end.
setlocal
if not exist "%~dp0python\python.exe" (
  echo Fichier zip non extrait : clic droit sur le zip, puis Extraire tout.
  pause
  exit /b 1
)
set "after=rem"
if "%~1"=="" set "after=pause"
rem The failing goto ends this batch file but not its line: at Ctrl-C, cmd then has no batch job to ask about.
goto #leave# 2>nul || "%~dp0python\python.exe" -m ecps_cli %* & %after%
