/* How much memory a file may ask for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-budget.h"

#include "limn-app-error.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What asks for less is let through unseen: a document may have thousands of small layers. */
#define SMALL (G_GUINT64_CONSTANT (16) << 20)

static char *
read_text (const char *root, const char *folder, const char *name)
{
  g_autofree char *path = g_strconcat (root, folder, "/", name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

/* The number after key in text; G_MAXUINT64 where there is none, as where a control group's limit is "max". */
static guint64
number_after (const char *text, const char *key)
{
  const char *at = text ? strstr (text, key) : NULL;
  guint64 number;

  return at && sscanf (at + strlen (key), "%" G_GUINT64_FORMAT, &number) == 1 ? number : G_MAXUINT64;
}

static guint64
of_machine (const char *root)
{
  g_autofree char *text = read_text (root, "/proc", "meminfo");
  const guint64 kilobytes = number_after (text, "MemAvailable:");

  return kilobytes < G_MAXUINT64 / 1024 ? kilobytes * 1024 : G_MAXUINT64;
}

/* Names of a control group's files, by version. */
typedef struct {
  const char *entry; /* what its line in /proc/self/cgroup holds before the path */
  const char *mount, *limit, *usage;
  const char *cache; /* in memory.stat: what of the usage can be given back at once */
} Version;

static guint64
of_group (const char *root, const Version *version, const char *folder)
{
  g_autofree char *limit_text = read_text (root, folder, version->limit), *usage_text = read_text (root, folder, version->usage);
  g_autofree char *stat = read_text (root, folder, "memory.stat");
  const guint64 limit = number_after (limit_text, ""), usage = number_after (usage_text, "");
  guint64 cache = number_after (stat, version->cache);

  if (limit == G_MAXUINT64 || usage == G_MAXUINT64)
    return G_MAXUINT64;
  if (cache == G_MAXUINT64)
    cache = 0;
  return limit - MIN (limit, usage - MIN (usage, cache));
}

/* The least of the process' group and those around it. A container may not see its own folder, but sees its group as the root. */
static guint64
of_groups (const char *root, const Version *version)
{
  g_autofree char *groups = read_text (root, "/proc/self", "cgroup");
  const char *line = groups ? strstr (groups, version->entry) : NULL;
  g_autofree char *path = NULL;
  guint64 least = G_MAXUINT64;

  if (!line)
    return least;
  line += strlen (version->entry);
  path = g_strndup (line, strcspn (line, "\n"));
  for (;;) {
    g_autofree char *folder = g_strconcat (version->mount, path, NULL);
    char *slash = strrchr (path, '/');

    least = MIN (least, of_group (root, version, folder));
    if (!slash)
      return least;
    *slash = 0;
  }
}

static guint64
of_process (void)
{
  g_autofree char *text = read_text ("", "/proc/self", "statm");
  const guint64 pages = number_after (text, "");
  struct rlimit limit;

  if (getrlimit (RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || pages == G_MAXUINT64)
    return G_MAXUINT64;
  return limit.rlim_cur - MIN (limit.rlim_cur, pages * (guint64) sysconf (_SC_PAGESIZE));
}

guint64
limn_memory_available (const char *root)
{
  static const Version versions[] = {
    { "0::", "/sys/fs/cgroup", "memory.max", "memory.current", "\ninactive_file " },
    { ":memory:", "/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "\ntotal_inactive_file " },
  };
  guint64 least = MIN (of_machine (root), *root ? G_MAXUINT64 : of_process ());

  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    least = MIN (least, of_groups (root, &versions[i]));
  return least;
}

void
limn_budget_init (LimnBudget *self, guint64 file_bytes)
{
  const guint64 available = limn_memory_available ("");

  *self = (LimnBudget){ .allowed = MAX (LIMN_BUDGET_BYTES, file_bytes * LIMN_BUDGET_RATIO),
                        .room = available == G_MAXUINT64 ? available : available / 2 };
}

gboolean
limn_budget_take (LimnBudget *self, const char *name, guint64 bytes, GError **error)
{
  self->taken += MIN (bytes, G_MAXUINT64 - self->taken);
  if (self->taken > self->allowed)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                 _("%s asks for more memory than a file of its size may: the limit is %d MB, or %d times the file if that is more."), name,
                 (int) (LIMN_BUDGET_BYTES / 1000000), LIMN_BUDGET_RATIO);
  else if (self->taken > self->room)
    g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RESOURCES,
                 _("There is not enough memory for %s: it needs %d MB, and half of what is free is %d MB. Close other programs."), name,
                 (int) (self->taken / 1000000), (int) (self->room / 1000000));
  return self->taken <= self->allowed && self->taken <= self->room;
}

void
limn_budget_give_back (LimnBudget *self, guint64 bytes)
{
  self->taken -= MIN (bytes, self->taken);
}

gboolean
limn_budget_check (const char *name, guint64 file_bytes, guint64 bytes, GError **error)
{
  LimnBudget budget;

  if (bytes <= SMALL)
    return TRUE;
  limn_budget_init (&budget, file_bytes);
  return limn_budget_take (&budget, name, bytes, error);
}
