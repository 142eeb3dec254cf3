/* OpenRaster files: the archive, its stack and its pictures, as the helper process and the program read them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/decode/limn-decode-source.h"
#include "app/formats/limn-ora-private.h"
#include "fuzz.h"

#include <unistd.h>

static void
decode_layers (LimnDecodeSource *source, const GPtrArray *layers)
{
  for (guint i = 0; i < layers->len && i < 8; i++) {
    const LimnOraLayer *layer = layers->pdata[i];

    if (layer->layers) {
      decode_layers (source, layer->layers);
    } else {
      const LimnDecodeRequest request = { .entry = layer->source, .partial = i % 2 };
      LimnBudget budget = { 1 << 24, 1 << 24, 0 };
      g_autoptr (LimnPicture) picture = limn_decode_source_picture (source, &request, &budget, NULL, NULL);

      g_assert (budget.taken <= 1 << 24 || !picture);
    }
  }
}

static void
parse_stack (LimnDecodeSource *source, const char *xml, gsize size)
{
  g_autoptr (GError) error = NULL;
  LimnOraStack stack;

  if (!limn_ora_stack_parse (&stack, xml, size, &error))
    return;
  if (source)
    decode_layers (source, stack.layers);
  limn_ora_stack_clear (&stack);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const LimnDecodeRequest request = { .entry = "stack.xml", .max = 1 << 20 };
  const int fd = fuzz_file (data, size);
  LimnDecodeSource *source = limn_decode_source_new (fd, "fuzz");
  g_autoptr (GBytes) xml = limn_decode_source_bytes (source, &request, NULL, NULL);

  if (xml)
    parse_stack (source, g_bytes_get_data (xml, NULL), g_bytes_get_size (xml));
  else
    parse_stack (NULL, (const char *) data, size);
  limn_decode_source_free (source);
  close (fd);
  return 0;
}
