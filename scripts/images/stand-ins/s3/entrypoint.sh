# A real S3: Ceph's gateway on a store in memory, on port 9000, with the keys that MINIO_ROOT_*_FILE name. One node, no replicas, nothing kept.
set -euo pipefail
D=/data/ceph
rm -rf "$D"
mkdir -p "$D"/{mon,osd,rgw,run}
export CEPH_CONF=$D/ceph.conf
address=$(hostname -i | cut -d' ' -f1)
cat >"$CEPH_CONF" <<EOF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v1:$address:6789]
mon initial members = a
public addr = $address
cluster addr = $address
ms bind ipv6 = false
auth cluster required = none
auth service required = none
auth client required = none
auth supported = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
osd pool default pg autoscale mode = off
mon data avail crit = 1
mon max pg per osd = 1000
run dir = $D/run
admin socket = $D/run/\$name.asok
log file = /dev/null
log to stderr = false
pid file = $D/run/\$name.pid
keyring = $D/keyring
[mon.a]
mon data = $D/mon
[osd.0]
osd data = $D/osd
osd objectstore = memstore
osd class update on start = false
osd crush update on start = false
osd memory target = 268435456
memstore device bytes = 2147483648
[client.rgw]
rgw frontends = beast endpoint=0.0.0.0:9000
rgw thread pool size = 16
rgw data = $D/rgw
rgw enable usage log = false
EOF
touch "$D/keyring"
monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$CEPH_CONF")" --addv a "[v1:$address:6789]" "$D/monmap" >/dev/null
ceph-mon --mkfs --id a --monmap "$D/monmap"
ceph-mon --id a
osd=$(cat /proc/sys/kernel/random/uuid)
ceph --connect-timeout 20 osd new "$osd" >/dev/null
ceph-osd --id 0 --mkfs --osd-uuid "$osd" >/dev/null 2>&1
ceph osd crush add osd.0 1.0 host=h root=default >/dev/null 2>&1
ceph-osd --id 0 >/dev/null 2>&1
for _ in $(seq 300); do
  if ceph osd stat 2>/dev/null | grep -q '1 up'; then break; fi
  sleep 0.1
done
radosgw-admin --name client.rgw user create --uid=site --display-name=site \
  --access-key="$(cat "$MINIO_ROOT_USER_FILE")" --secret-key="$(cat "$MINIO_ROOT_PASSWORD_FILE")" >/dev/null 2>&1
exec radosgw --name client.rgw --foreground
