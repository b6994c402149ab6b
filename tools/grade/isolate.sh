# Runs a command in a world of its own, for isolate() in isolation.py, inside new Linux namespaces.
# There it finds the given paths, read-only, an empty folder, a few devices, and nothing else: no
# socket, pipe or file of anybody's. What it writes is kept in memory, all together of limited size.
# This shell stays, as the first process: when it ends, all others in here do.
# Usage: isolate.sh FOLDER PATH ... -- COMMAND ...
set -eu
PATH=$PATH:/usr/sbin:/sbin
folder=$1
shift
echo 0 > /proc/sys/user/max_user_namespaces
echo 0 2> /dev/null > /proc/sys/kernel/shmmni || true
mount -t tmpfs -o size=512m,nr_inodes=100k,mode=755 tmpfs "$folder"
cd "$folder"
mkdir -p host proc tmp dev/pts dev/shm ".$folder"

while [ "$1" != -- ]; do
    if [ -L "$1" ] && [ ! -e ".$1" ]; then
        mkdir -p ".${1%/*}"
        cp -P "$1" ".$1"
    elif [ -d "$1" ] && [ ! -e ".$1" ]; then
        mkdir -p ".$1"
        mount --rbind "$1" ".$1"
    fi
    shift
done
shift
for device in null zero full random urandom; do
    : > "dev/$device"
    mount --bind "/dev/$device" "dev/$device"
done
while read -r _ mounted _ options _; do
    mounted=$(printf %b "$mounted")
    case $mounted in "$folder"/*) [ -e "$mounted" ] || continue ;; *) continue ;; esac
    kept=$(printf %s "$options" | tr , '\n' | grep -xE 'nosuid|nodev|noexec|noatime|nodiratime|relatime' | paste -sd, -)
    mount -o "remount,bind,ro${kept:+,$kept}" "$mounted"
done < /proc/self/mounts

mount -t proc -o ro proc proc
mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
pivot_root . host
umount -l /host
rmdir /host
cd "$folder"
setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@" < /dev/null > /dev/null 2>&1
