#!/usr/bin/env bash
# A smoke test with every dependency at its lowest declared version, as uv.lock has it, and at its newest.
#   packaging/bounds.sh [lowest|locked|newest]...     (default: the three; needs uv; PYTHON=3.11 by default)
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ $# -gt 0 ] || set -- lowest locked newest
for each in "$@"; do
  echo "== $each"
  python="$work/$each/bin/python"
  uv --quiet venv --python "${PYTHON:-3.11}" "$work/$each"
  case $each in
    lowest) uv --quiet pip install --python "$python" --resolution lowest-direct ".[pdf]" ;;
    locked)
      uv --quiet export --frozen --no-dev --no-emit-project --extra pdf --output-file "$work/locked.txt"
      uv --quiet pip install --python "$python" --require-hashes --requirements "$work/locked.txt"
      uv --quiet pip install --python "$python" --no-deps . ;;
    newest) uv --quiet pip install --python "$python" --upgrade ".[pdf]" ;;
    *) echo "$each: lowest, locked or newest"; exit 2 ;;
  esac
  uv --quiet pip list --python "$python" --format freeze | paste -sd ' '
  "$python" packaging/smoke.py --pdf "$work/$each/bin/ecps-guide"
done
