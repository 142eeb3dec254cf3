/* Weight files and what stands in them: headers, configs, metadata.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/network/recogniser.h"
#include "engine/network/weights-internal.h"
#include "fuzz.h"

#include <unistd.h>

static void
open_file (const guint8 *data, gsize size)
{
  const int fd = fuzz_file (data, size);
  g_autofree char *path = fuzz_path (fd);
  LimnError error;
  LimnWeights *weights;
  bool found;

  if (limn_weights_open (&weights, path, &error) == LIMN_OK)
    limn_weights_free (weights);
  if (limn_weights_have_role (path, "see", &found, &error) != LIMN_OK)
    found = false;
  close (fd);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  LimnUnetConfig config;
  LimnModelMeta meta;
  LimnError error;

  open_file (data, size);
  if (limn_config_parse (&config, (const char *) data, size, "fuzz", &error) == LIMN_OK)
    limn_meta_plain (&meta, &config);
  else if (limn_meta_parse (&meta, (const char *) data, size, "fuzz", &error) == LIMN_OK)
    g_assert (meta.space_to_depth >= 1);
  return 0;
}
