/* How much memory is told to be free, and when a file asks for too much.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/base/limn-app-error.h"
#include "app/base/limn-budget.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define MIB (G_GUINT64_CONSTANT (1) << 20)

typedef struct {
  const char *path, *text; /* of a file below the root */
} File;

static void
write_file (const char *root, const File *file)
{
  g_autofree char *path = g_build_filename (root, file->path, NULL), *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, file->text, -1, NULL));
}

static void
remove_files (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    remove_files (inner);
  }
  g_remove (path);
}

static void
test_available (void)
{
  const File meminfo = { "proc/meminfo", "MemTotal:  8000000 kB\nMemAvailable:    2048000 kB\nSwapFree: 0 kB\n" };
  const struct {
    File files[8];
    guint64 mebibytes;
  } machines[] = {
    { { meminfo }, 2000 },
    /* version 2: the group's own limit, one around it, a part of the usage that can be given back, no limit */
    { { meminfo,
        { "proc/self/cgroup", "0::/a/b\n" },
        { "sys/fs/cgroup/a/b/memory.max", "1048576000" },
        { "sys/fs/cgroup/a/b/memory.current", "524288000" } },
      500 },
    { { meminfo,
        { "proc/self/cgroup", "0::/a/b\n" },
        { "sys/fs/cgroup/a/b/memory.max", "max" },
        { "sys/fs/cgroup/a/b/memory.current", "5" },
        { "sys/fs/cgroup/a/memory.max", "104857600" },
        { "sys/fs/cgroup/a/memory.current", "1048576" } },
      99 },
    { { meminfo,
        { "proc/self/cgroup", "0::/\n" },
        { "sys/fs/cgroup/memory.max", "1048576000" },
        { "sys/fs/cgroup/memory.current", "943718400" },
        { "sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 104857600\nactive_file 7\n" } },
      200 },
    { { meminfo,
        { "proc/self/cgroup", "0::/a\n" },
        { "sys/fs/cgroup/a/memory.max", "10" },
        { "sys/fs/cgroup/a/memory.current", "1048576" } },
      0 },
    /* version 1 beside an empty version 2; a folder that a container doesn't see */
    { { meminfo,
        { "proc/self/cgroup", "4:memory:/x\n0::/\n" },
        { "sys/fs/cgroup/memory/x/memory.limit_in_bytes", "314572800" },
        { "sys/fs/cgroup/memory/x/memory.usage_in_bytes", "209715200" },
        { "sys/fs/cgroup/memory/x/memory.stat", "cache 9\ninactive_file 3\ntotal_inactive_file 104857600\n" } },
      200 },
    { { meminfo,
        { "proc/self/cgroup", "0::/not/seen\n" },
        { "sys/fs/cgroup/memory.max", "1048576000" },
        { "sys/fs/cgroup/memory.current", "0" } },
      1000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (machines); i++) {
    g_autofree char *root = g_dir_make_tmp ("limn-budget-XXXXXX", NULL);

    for (guint j = 0; j < G_N_ELEMENTS (machines[i].files) && machines[i].files[j].path; j++)
      write_file (root, &machines[i].files[j]);
    g_test_message ("machine %u", i);
    g_assert_cmpuint (limn_memory_available (root), ==, machines[i].mebibytes * MIB);
    remove_files (root);
  }
  g_assert_cmpuint (limn_memory_available ("/nowhere"), ==, G_MAXUINT64);
}

/* A limit of the address space counts, less what is in use. */
static void
test_address_space (void)
{
  struct rlimit before, less;

  g_assert_cmpint (getrlimit (RLIMIT_AS, &before), ==, 0);
  if (before.rlim_cur != RLIM_INFINITY || limn_memory_available ("") < 600 * MIB) {
    g_test_skip ("there is a limit already, or hardly any memory");
    return;
  }
  less = (struct rlimit){ (rlim_t) 1 << 46, before.rlim_max }; /* sanitizers use much address space */
  g_assert_cmpint (setrlimit (RLIMIT_AS, &less), ==, 0);
  g_assert_cmpuint (limn_memory_available (""), <=, less.rlim_cur);
  less.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &less), ==, 0);
  const guint64 available = limn_memory_available ("");
  g_assert_cmpint (setrlimit (RLIMIT_AS, &before), ==, 0);
  g_assert_cmpuint (available, ==, 0);
}

static void
test_take (void)
{
  LimnBudget budget = { .allowed = 100, .room = 200 };
  g_autoptr (GError) error = NULL;

  g_assert_true (limn_budget_take (&budget, "a.png", 60, &error));
  g_assert_true (limn_budget_take (&budget, "a.png", 40, &error));
  limn_budget_give_back (&budget, 10);
  g_assert_true (limn_budget_take (&budget, "a.png", 10, &error));
  g_assert_no_error (error);
  g_assert_false (limn_budget_take (&budget, "a.png", 1, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
  g_assert_nonnull (strstr (error->message, "a.png asks for more memory"));
  g_clear_error (&error);
  g_assert_false (limn_budget_take (&budget, "a.png", G_MAXUINT64, NULL));
  budget = (LimnBudget){ .allowed = G_MAXUINT64, .room = 5000000 };
  g_assert_false (limn_budget_take (&budget, "a.png", 9000000, &error));
  g_assert_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES);
  g_assert_nonnull (strstr (error->message, "needs 9 MB, and half of what is free is 5 MB"));
}

/* A small file may ask for as much as the largest picture takes; a large one for more. */
static void
test_ratio (void)
{
  LimnBudget budget;

  limn_budget_init (&budget, 1000);
  g_assert_cmpuint (budget.allowed, ==, LIMN_BUDGET_BYTES);
  limn_budget_init (&budget, 100 * MIB);
  g_assert_cmpuint (budget.allowed, ==, 100 * MIB * LIMN_BUDGET_RATIO);
  g_assert_true (limn_budget_check ("a.png", 1, 1000, NULL));
  g_assert_false (limn_budget_check ("a.png", 1, LIMN_BUDGET_BYTES + 1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/budget/available", test_available);
  g_test_add_func ("/budget/address-space", test_address_space);
  g_test_add_func ("/budget/take", test_take);
  g_test_add_func ("/budget/ratio", test_ratio);
  return g_test_run ();
}
