#!/usr/bin/env bash
# A Slurm of one node in namespaces of its own: bash cluster.sh FOLDER MAX_ARRAY_SIZE. All of its files are in FOLDER. Says "ready", and ends
# with all of its processes when its standard input closes.
set -eu
folder=$1
max_array_size=$2
PATH=$PATH:/usr/sbin:/sbin
mkdir -p -m 700 "$folder/munge"
mkdir -p "$folder/state" "$folder/spool" "$folder/log"

# Slurm resolves even 127.0.0.1 with AI_ADDRCONFIG, which wants an address that is not the loopback's; this one is for documentation.
ip link set lo up
ip address add 192.0.2.1/32 dev lo
hostname node

head -c 1024 /dev/urandom >"$folder/munge/key"
chmod 400 "$folder/munge/key"
munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
  --log-file="$folder/log/munged.log" --seed-file="$folder/munge/seed" --num-threads=2 >"$folder/log/munged.out" 2>&1 &

echo CgroupPlugin=cgroup/v1 >"$folder/cgroup.conf"
# cred_expire: how long a job that is queued again waits. PriorityTier and PreemptMode: a job in "high" makes those in "low" queue again.
cat >"$folder/slurm.conf" <<END
ClusterName=test
SlurmctldHost=node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
JobRequeue=1
KillWait=30
MaxArraySize=$max_array_size
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=node NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000 State=UNKNOWN
PartitionName=low Nodes=node Default=YES MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE
PartitionName=high Nodes=node MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
END
export SLURM_CONF=$folder/slurm.conf
until [[ -S $folder/munge/socket ]]; do sleep 0.05; done
slurmctld -D -c >"$folder/log/slurmctld.out" 2>&1 &
slurmd -D -c >"$folder/log/slurmd.out" 2>&1 &
until [[ $(sinfo --noheader --format=%T 2>/dev/null) == *idle* ]]; do sleep 0.1; done
echo ready
cat >/dev/null
