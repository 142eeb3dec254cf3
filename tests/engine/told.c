/* Weights and pictures from a linear congruential generator (Knuth's constants, as in "Numerical Recipes").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "told.h"

#include <glib.h>
#include <math.h>
#include <string.h>

void
told_numbers (uint32_t *state, float *out, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    *state = *state * 1664525u + 1013904223u;
    out[i] = (float) (*state >> 8) / 8388608.0f - 1.0f;
  }
}

void
told_picture (float *out, size_t width, size_t height)
{
  for (size_t y = 0; y < height; y++)
    for (size_t x = 0; x < width; x++)
      for (size_t c = 0; c < 3; c++)
        *out++ = (float) ((double) (((x / 16 + 2 * (y / 16)) * 37 + c * 53 + x * y / 64) % 256) / 127.5 - 1.0);
}

/* A tensor about as large as a trained one's: shape's numbers follow its name. */
static void
draw (char **words, uint32_t *state, GString *shape, GByteArray *data)
{
  size_t count = 1, fan = 1;
  const guint dims = g_strv_length (words) - 1;
  const gboolean bias = g_str_has_suffix (words[0], "bias");

  for (guint i = 1; i <= dims; i++) {
    const size_t side = (size_t) g_ascii_strtoull (words[i], NULL, 10);
    count *= side;
    fan *= i > 1 ? side : 1;
    g_string_append_printf (shape, "%s%zu", i > 1 ? "," : "", side);
  }
  g_autofree float *values = g_new (float, count);
  told_numbers (state, values, count);
  for (size_t i = 0; i < count; i++)
    values[i] = bias ? 0.1f * values[i] : dims == 1 ? 1.0f + 0.2f * values[i] : values[i] * (float) (1.5 / sqrt ((double) fan));
  g_byte_array_append (data, (const guint8 *) values, (guint) (count * sizeof *values));
}

static char *
quoted (const char *text)
{
  g_autofree char *escaped = g_strescape (text, NULL);

  return g_strdup_printf ("\"%s\"", escaped);
}

uint32_t
told_write_base (const char *path, const char *limn)
{
  g_autofree char *text = NULL;
  uint32_t state = 1;

  g_assert_true (g_file_get_contents ("golden/see/base.txt", &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_autofree char *config = quoted (lines[0]), *metadata = quoted (limn ? limn : lines[1]);
  g_autoptr (GString) header = g_string_new (NULL);
  g_autoptr (GByteArray) data = g_byte_array_new (), file = g_byte_array_new ();

  g_string_printf (header, "{\"__metadata__\":{\"config\":%s,\"limn\":%s}", config, metadata);
  for (char **line = lines + 2; *line; line++) {
    g_auto (GStrv) words = g_strsplit (*line, " ", -1);
    g_autoptr (GString) shape = g_string_new (NULL);
    const guint begin = data->len;

    draw (words, &state, shape, data);
    g_string_append_printf (header, ",\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%u,%u]}", words[0], shape->str, begin,
                            data->len);
  }
  g_string_append_c (header, '}');
  const guint64 length = GUINT64_TO_LE ((guint64) header->len);
  g_byte_array_append (file, (const guint8 *) &length, sizeof length);
  g_byte_array_append (file, (const guint8 *) header->str, (guint) header->len);
  g_byte_array_append (file, data->data, data->len);
  g_assert_true (g_file_set_contents (path, (const char *) file->data, file->len, NULL));
  return state;
}
