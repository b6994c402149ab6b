# Runs a command in a world of its own, for isolate() in isolation.py, inside new Linux namespaces:
# all files read-only but an empty folder of limited size, no network, no other processes in sight.
# Usage: isolate.sh FOLDER COMMAND ...
set -eu
folder=$1
shift
while read -r _ mounted _ options _; do
    kept=$(printf %s "$options" | tr , '\n' | grep -xE 'nosuid|nodev|noexec|noatime|nodiratime|relatime' | paste -sd, -)
    mount -o "remount,bind,ro${kept:+,$kept}" "$(printf %b "$mounted")"
done < /proc/self/mounts
mount -t tmpfs -o size=512m,mode=700 tmpfs "$folder"
cd "$folder"
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
