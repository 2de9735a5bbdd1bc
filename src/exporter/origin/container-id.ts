// Which container this process runs in, as the Datadog agent wants to hear it, which adds the tags of the container
// (docs.datadoghq.com, "DogStatsD datagram format": `c:<container id>` since protocol v1.2, `c:in-<cgroup inode>` since v1.4).

import { readFileSync, statSync } from 'node:fs';

/** The files that are read; a parameter, because tests do not run in every kind of container. */
export interface ContainerFiles {
  /** The text of a file; throws when it cannot be read. */
  read(path: string): string;
  /** The inode number of a file; throws when there is none. */
  inode(path: string): number;
}

const hostFiles: ContainerFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  inode: (path) => statSync(path).ino,
};

/** Linux include/linux/proc_ns.h PROC_CGROUP_INIT_INO: the cgroup namespace of the host itself. */
const HOST_CGROUP_NAMESPACE = 0xeffffffb;

/** Docker, containerd and CRI-O; Cloud Foundry; ECS on Fargate. systemd adds `.scope`. */
const CONTAINER =
  /(?<id>[0-9a-f]{64}|[0-9a-f]{8}(?:[-_][0-9a-f]{4}){4}[0-9a-f]{8}|[0-9a-f]{32}-\d+)(?:\.scope)?$/;

/** Where a runtime keeps what it mounts as /etc/hostname; `sandboxes` is the pod's pause container. */
const MOUNTED_HOSTNAME =
  /\/(?<parent>[^\s/]+)\/(?<id>[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){4})\/\S*hostname/g;

/** Undefined outside of a container, and where it cannot be found. */
export function containerId(files: ContainerFiles = hostFiles): string | undefined {
  const cgroups = attempt(() => files.read('/proc/self/cgroup')) ?? '';
  const mounts = (attempt(() => files.read('/proc/mounts')) ?? '').split('\n').map((line) => line.split(' '));
  const isHost = attempt(() => files.inode('/proc/self/ns/cgroup')) === HOST_CGROUP_NAMESPACE;
  if (isHost || mounts.some(([, , type]) => type === 'cgroup')) return idInCgroups(cgroups);

  const mountInfo = attempt(() => files.read('/proc/self/mountinfo')) ?? '';
  return idInMounts(mountInfo) ?? inodeOf(cgroups, mounts, files);
}

function idInCgroups(cgroups: string): string | undefined {
  for (const line of cgroups.split('\n')) {
    const id = line.match(CONTAINER)?.groups?.['id'];
    if (id !== undefined) return id;
  }
  return undefined;
}

function idInMounts(mountInfo: string): string | undefined {
  for (const line of mountInfo.split('\n')) {
    const last = [...line.matchAll(MOUNTED_HOSTNAME)].at(-1)?.groups;
    if (last !== undefined && last['parent'] !== 'sandboxes') return last['id'];
  }
  return undefined;
}

/** With cgroup v2 in a namespace of its own the agent finds the container by the inode of its cgroup. */
function inodeOf(
  cgroups: string,
  mounts: readonly (readonly string[])[],
  files: ContainerFiles,
): string | undefined {
  const mount = mounts.find(([, , type]) => type === 'cgroup2')?.[1];
  const node = cgroups.match(/^0::(.*)$/m)?.[1];
  if (mount === undefined || node === undefined) return undefined;
  const inode = attempt(() => files.inode(`${mount}${node}`.replace(/\/+$/, '')));
  return inode === undefined ? undefined : `in-${inode}`;
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
