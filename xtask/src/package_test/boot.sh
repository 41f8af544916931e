# Boots the system in the folder $1 with systemd as its process 1, in namespaces of its own, with a control group of its own below $2.
# Run by `unshare --mount --pid --fork --uts --ipc --net --cgroup`, so nothing of it outlives that.
set -e
root="$1"
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do
    mknod -m 666 "dev/$name" c $(stat -c '0x%t 0x%T' "/dev/$name")
done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
hostname gridkey-package-test
mkdir -p .host
pivot_root . .host
umount -l /.host
# What systemd mounts for one service, such as its credentials, is to be seen in the others' namespaces.
mount --make-rshared /
exec env -i container=gridkey PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --log-target=journal --show-status=0
