#!/usr/bin/env bash
# Windows' own CPython and cmd under Wine 10, in a folder with a Debian trixie of its own (docs/windows.md). As root:
#   packaging/wine.sh ROOT setup PYTHON.zip      make ROOT; PYTHON.zip is an embeddable package of CPython
#   packaging/wine.sh ROOT smoke [--pdf] ZIP     the smoke test of a Windows zip; its .cmd clicked, and in three code pages
#   packaging/wine.sh ROOT test [PYTEST OPTION]  the tests, with the locked wheels for Windows
#   packaging/wine.sh ROOT run PROGRAM ARGUMENT  any program, such as: run wine cmd
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=${1:?ROOT}
what=${2:?setup, smoke, test or run}
shift 2
unzipped="/root/Bureau du médecin (été)/ecps guide"

inside() { # a program in ROOT, with nothing of this machine's environment; FOLDER is where
  # shellcheck disable=SC2016 # $0 and $@ are the inner shell's
  chroot "$root" env -i HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 TERM="${TERM:-xterm}" WINEDEBUG=-all \
    WINEDLLOVERRIDES="mscoree,mshtml=" XDG_RUNTIME_DIR=/root/run PYTHONPATH="${WINPYTHONPATH:-}" COLUMNS="${COLUMNS:-80}" \
    sh -c 'cd "$0" && exec "$@"' "${FOLDER:-/root}" "$@"
}

setup() {
  debootstrap --variant=minbase trixie "$root" "${MIRROR:-http://deb.debian.org/debian}"
  mount --bind /proc "$root/proc" # Wine needs it, and a terminal the next one
  mount --bind /dev/pts "$root/dev/pts"
  mount -t tmpfs tmpfs "$root/dev/shm" # the tests write there: to sync a disk through Wine takes long
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  chroot "$root" apt-get install --quiet --yes --no-install-recommends wine wine64
  install --directory --mode 700 "$root/root/run"
  inside wine wineboot --init
  mkdir -p "$root/root/python"
  python3 -m zipfile -e "$1" "$root/root/python"
  [ -e "$root/root/python/python.exe" ] || mv "$root"/root/python/*/* "$root/root/python" # packed in a folder
  rm -f "$root"/root/python/*._pth # which would keep PYTHONPATH and PYTHONUTF8, that tests set, from being read
  inside wine python/python.exe --version
}

smoke() {
  rm -rf "${root:?}$unzipped" && mkdir -p "$root$unzipped"
  python3 -m zipfile -e "${*: -1}" "$root$unzipped"
  cp "$here/smoke.py" "$root/root/smoke.py"
  export FOLDER=$unzipped
  inside wine cmd /c ecps-guide.cmd --version
  inside wine python/python.exe 'Z:\root\smoke.py' --card "${@:1:$#-1}" 'python\python.exe' -m ecps_cli
  clicked
  for page in 850 1252 65001; do
    on_terminal "wine cmd /c 'chcp $page & ecps-guide.cmd fraud --wrong'" |
      grep --text "n’existe pas" || { echo "code page $page"; exit 1; }
    echo "smoke: code page $page"
  done
}

on_terminal() { # a command on a terminal of 80 by 24, which a console, and so chcp, needs
  inside script --quiet --command "stty rows 24 columns 80; $1" /dev/null
}

clicked() { # a double click: the menu, its second line, and the window that waits for a key
  local shown=
  coproc window { on_terminal "wine cmd /c 'set ECPS_DATA=C:\\menu & ecps-guide.cmd'"; }
  # shellcheck disable=SC2154 # coproc names what it starts
  if until_shown "4) Lire un guide" && type_key 2 && until_shown "806*800*213" && type_key ' '; then
    wait "$window_PID"
    echo "smoke: clicked"
  else
    echo "no menu: $shown"
    exit 1
  fi
}

until_shown() { # until the window shows a text; it fails where nothing comes for two minutes
  local each
  until [[ $shown == *$1* ]]; do IFS= read -r -d '' -n 1 -t 120 -u "${window[0]}" each && shown+=$each || return 1; done
}

type_key() { # what is typed before a question stands there is dropped
  sleep 2
  printf '%b' "$1" >&"${window[1]}"
}

tests() {
  local lib="$root/root/testlib" work
  work=$(mktemp -d)
  uv --quiet export --frozen --extra test --no-emit-project --project "$here/.." --output-file "$work/locked.txt"
  local for_windows=(--no-deps --link-mode copy --target "$lib" --python-platform x86_64-pc-windows-msvc)
  for_windows+=(--python-version "$(find "$root/root/python" -name 'python3??.dll' | sed 's/.*python3\(..\).dll/3.\1/')")
  rm -rf "$lib" "$root/root/checkout"
  uv --quiet pip install "${for_windows[@]}" --only-binary :all: --require-hashes --requirements "$work/locked.txt"
  uv --quiet build --wheel --out-dir "$work" "$here/.."
  uv --quiet pip install "${for_windows[@]}" "$work"/*.whl
  mkdir "$root/root/checkout"
  git -C "$here/.." ls-files -z --cached | (cd "$here/.." && tar --create --null --files-from -) |
    tar --extract --directory "$root/root/checkout"
  rm -rf "$work"
  FOLDER=/root/checkout WINPYTHONPATH='Z:\root\testlib' inside wine ../python/python.exe -m pytest -p no:cacheprovider \
    --timeout 300 --basetemp 'Z:\dev\shm\tests' "$@"
}

case $what in
  setup) setup "$@" ;;
  smoke) smoke "$@" ;;
  test) tests "$@" ;;
  run) inside "$@" ;;
  *) sed -n '2,6p' "$0"; exit 2 ;;
esac
