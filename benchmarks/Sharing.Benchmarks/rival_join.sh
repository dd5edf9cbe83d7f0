#!/usr/bin/env bash
# rival_join.sh TABLE FOLDER: all pairs with two contacts in common by PostgreSQL, out of a text file of lines "person TAB contact". Says: seconds pairs checksum.
# What more than 1,000 hold is taken out before; joining alone counts.
set -euo pipefail
tools=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
data=$2/postgres as=()
mkdir -p "$data"
if [ "$(id -u)" = 0 ]; then chmod a+rx "$2" "$2/.."; chown postgres "$data"; as=(setpriv --reuid=postgres --regid=postgres --clear-groups --); fi
cd "$data"
"${as[@]}" "$tools"/initdb -D "$data/db" -A trust -U postgres >/dev/null
"${as[@]}" "$tools"/pg_ctl -D "$data/db" -w -l "$data/log" -o "-c listen_addresses='' -k $data -c fsync=off -c shared_buffers=1GB -c work_mem=2GB -c max_parallel_workers_per_gather=2" start >/dev/null
trap '"${as[@]}" "$tools"/pg_ctl -D "$data/db" -m immediate stop >/dev/null' EXIT
sql() { psql -qAtX -h "$data" -U postgres -v ON_ERROR_STOP=1 "$@"; }
sql -c 'CREATE TABLE book (person int, contact int)' -c "\\copy book from '$1'"
sql -c 'DELETE FROM book WHERE contact IN (SELECT contact FROM book GROUP BY contact HAVING count(*) > 1000)' -c 'CREATE INDEX ON book (contact, person)' -c 'VACUUM ANALYZE book'
started=$(date +%s.%N)
found=$(sql -F ' ' -c 'SELECT count(*), sum(a * 31 + b) FROM (SELECT a.person::bigint a, b.person b FROM book a JOIN book b ON a.contact = b.contact AND b.person < a.person GROUP BY 1, 2 HAVING count(*) >= 2) pairs')
awk -v a="$started" -v b="$(date +%s.%N)" -v found="$found" 'BEGIN { printf "%.3f %s\n", b - a, found }'
