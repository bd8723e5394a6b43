# Keeps a throw-away PostgreSQL cluster while standard input is open: `postgres.sh FOLDER PORT`.
# The server refuses to run as root, so root starts it as `postgres` (or `nobody`).
dir=$1 port=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb)") || { echo 'PostgreSQL is not installed'; exit 1; }
user=postgres; id postgres >/dev/null 2>&1 || user=nobody
as() { if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
mkdir -p "$dir/data"; chmod 755 "$dir"; [ "$(id -u)" = 0 ] && chown "$user" "$dir" "$dir/data"
cd "$dir" || exit 1
as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-sync >"$dir/log" 2>&1 \
  || { cat "$dir/log"; exit 1; }
# It is thrown away, so nothing needs to survive a crash.
as "$bin/postgres" -D "$dir/data" -h 127.0.0.1 -p "$port" -k "$dir" -c fsync=off -c synchronous_commit=off \
  -c full_page_writes=off -c max_connections=400 -c shared_buffers=128MB >>"$dir/log" 2>&1 &
for _ in $(seq 1 200); do "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" && break; sleep 0.05; done
"$bin/pg_isready" -q -h 127.0.0.1 -p "$port" || { cat "$dir/log"; exit 1; }
echo ready
read -r _
as "$bin/pg_ctl" -D "$dir/data" stop -m immediate >/dev/null 2>&1
rm -rf "$dir"
