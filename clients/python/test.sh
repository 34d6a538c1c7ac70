#!/usr/bin/env bash
# clients/python/test.sh JAR: the package, built as a wheel, against the service of that jar, which it starts and stops.
# PYTHON is the interpreter, python3 unless given; it needs numpy, and torch for the tests of phasor.torch.
set -euo pipefail
jar=$(realpath "${1:?usage: test.sh JAR}")
python=${PYTHON:-python3}
cd "$(dirname "$0")"

work=$(mktemp -d)
service=
finish() {
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  [ -z "$service" ] || wait "$service" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# The source of a package is not written to when it is built, and what is tested is what is installed.
cp -r pyproject.toml README.md src "$work"
(cd "$work" && "$python" -c 'import setuptools.build_meta as build; build.build_wheel("dist")' >build.log 2>&1) ||
  { cat "$work/build.log"; exit 1; }
"$python" -m zipfile -e "$work"/dist/phasor-*.whl "$work/site"
export PYTHONPATH="$work/site" PHASOR_JAR="$jar"

if command -v mypy >/dev/null; then
  mypy --strict --cache-dir "$work/mypy" src
fi

port=$("$python" -c 'from tests.service import free_port; print(free_port())')
export PHASOR_URL="http://127.0.0.1:$port"
java -Xmx1g --add-modules jdk.incubator.vector -jar "$jar" --server.port="$port" \
  --management.server.port=$((port + 1)) --spring.grpc.server.port=0 --phasor.jobs.folder="$work/jobs" >"$work/service.log" 2>&1 &
service=$!
for _ in $(seq 600); do
  curl -sf "$PHASOR_URL/readyz" >/dev/null && break
  kill -0 "$service" 2>/dev/null || break
  sleep 0.2
done
curl -sf "$PHASOR_URL/readyz" >/dev/null || { cat "$work/service.log"; exit 1; }

"$python" -W error -m tests
