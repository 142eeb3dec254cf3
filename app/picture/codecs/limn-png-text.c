/* Texts of PNG files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-png-text.h"

#include "limn-codec.h"

#include <string.h>
#include <zlib.h>

enum { MAX_KEY = 79, BLOCK = 1 << 16 };

/* What lies between the two pointers. */
typedef struct {
  const guint8 *at, *end;
} Span;

/* The bytes up to the next 0, which is skipped; FALSE where there is none. */
static gboolean
take_string (Span *from, Span *string)
{
  const guint8 *zero = from->at < from->end ? memchr (from->at, 0, (gsize) (from->end - from->at)) : NULL;

  if (!zero)
    return FALSE;
  *string = (Span){ from->at, zero };
  from->at = zero + 1;
  return TRUE;
}

static gboolean
take_byte (Span *from, guint8 *value)
{
  if (from->at >= from->end)
    return FALSE;
  *value = *from->at++;
  return TRUE;
}

static LimnPngText
take_plain (Span from, gsize *left, GByteArray *out)
{
  const gsize size = (gsize) (from.end - from.at);

  if (size > *left)
    return LIMN_PNG_TEXT_TOO_LARGE;
  g_byte_array_append (out, from.at, (guint) size);
  *left -= size;
  return LIMN_PNG_TEXT_DONE;
}

/* zlib's; what is cut short is malformed. */
static LimnPngText
take_packed (Span from, gsize *left, GByteArray *out)
{
  g_autofree guint8 *block = g_malloc (BLOCK);
  z_stream stream = { .next_in = (Bytef *) from.at, .avail_in = (uInt) (from.end - from.at) };
  int status = inflateInit (&stream);

  while (status == Z_OK && out->len <= *left) {
    stream.next_out = block;
    stream.avail_out = BLOCK;
    status = inflate (&stream, Z_NO_FLUSH);
    g_byte_array_append (out, block, BLOCK - stream.avail_out);
  }
  inflateEnd (&stream);
  if (out->len > *left)
    return LIMN_PNG_TEXT_TOO_LARGE;
  *left -= out->len;
  return status == Z_STREAM_END ? LIMN_PNG_TEXT_DONE : LIMN_PNG_TEXT_NONE;
}

LimnPngText
limn_png_text_read (const guint8 *type, const guint8 *data, gsize size, gsize *left, char **key, char **text)
{
  const gboolean international = memcmp (type, "iTXt", 4) == 0;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Span from = { data, size > 0 ? data + size : data }, keyword, skipped; /* an empty chunk has no data */
  guint8 packed = memcmp (type, "zTXt", 4) == 0, method = 0;
  LimnPngText result;

  if (size > G_MAXUINT / 2 || !take_string (&from, &keyword) || keyword.at == keyword.end || keyword.end - keyword.at > MAX_KEY)
    return LIMN_PNG_TEXT_NONE;
  if ((international && !take_byte (&from, &packed)) || ((international || packed) && !take_byte (&from, &method)) ||
      (international && (!take_string (&from, &skipped) || !take_string (&from, &skipped))) || method != 0)
    return LIMN_PNG_TEXT_NONE;
  result = packed ? take_packed (from, left, bytes) : take_plain (from, left, bytes);
  if (result != LIMN_PNG_TEXT_DONE)
    return result;
  g_byte_array_append (bytes, (const guint8 *) "", 1); /* where it is empty, it has no data */
  *key = limn_codec_from_latin (keyword.at, (gsize) (keyword.end - keyword.at));
  *text = international ? g_utf8_make_valid ((const char *) bytes->data, bytes->len - 1)
                        : limn_codec_from_latin (bytes->data, bytes->len - 1);
  return LIMN_PNG_TEXT_DONE;
}
