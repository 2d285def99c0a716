#include <spawn.h>

// glibc (2.34 and later) shows it to those who define _GNU_SOURCE, and Swift does not.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// POSIX_SPAWN_SETSID, likewise.
enum { portico_spawn_setsid = 0x80 };
