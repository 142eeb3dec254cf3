/* IPTC metadata in image resources of Photoshop (Adobe Photoshop File Formats Specification, "Image Resource Blocks").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-iptc.h"

#include <string.h>

#define SIGNATURE "8BIM"
#define HEAD 6  /* bytes of the signature and the number */
#define LINE 36 /* bytes in hexadecimal a line */

enum { RESOURCE_IPTC = 0x0404 };

/* Finds the IPTC resource: its place and all of its bytes, head and padding included. FALSE when there is none. */
static gboolean
find_resource (const guint8 *data, gsize size, gsize *start, gsize *length)
{
  for (gsize at = 0; at + HEAD + 2 <= size && memcmp (data + at, SIGNATURE, 4) == 0;) {
    guint number = (guint) (data[at + 4] << 8 | data[at + 5]);
    gsize name = (gsize) data[at + HEAD] + 1, counted = at + HEAD + name + (name & 1), count;

    if (counted + 4 > size)
      return FALSE;
    count = (gsize) data[counted] << 24 | (gsize) data[counted + 1] << 16 | (gsize) data[counted + 2] << 8 | data[counted + 3];
    if (count > size - counted - 4)
      return FALSE;
    *start = at;
    *length = MIN (counted + 4 + count + (count & 1), size) - at;
    if (number == RESOURCE_IPTC && count > 0)
      return TRUE;
    at += *length;
  }
  return FALSE;
}

char *
limn_iptc_from_photoshop (const guint8 *data, gsize size)
{
  gsize start, length;
  GString *text;

  if (!find_resource (data, size, &start, &length))
    return NULL;
  text = g_string_new (NULL);
  g_string_printf (text, "\niptc\n%8zu", length);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%s%02x", i % LINE == 0 ? "\n" : "", data[start + i]);
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
}

GBytes *
limn_iptc_to_photoshop (const char *text)
{
  char *end;
  guint64 count;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize start, length;

  text = strstr (text, "iptc");
  if (!text)
    return NULL;
  count = g_ascii_strtoull (text + strlen ("iptc"), &end, 10);
  for (; *end && bytes->len < count; end++) {
    if (g_ascii_isspace (*end))
      continue;
    if (!g_ascii_isxdigit (end[0]) || !g_ascii_isxdigit (end[1]))
      return NULL;
    g_byte_array_append (bytes, &(guint8){ (guint8) (g_ascii_xdigit_value (end[0]) << 4 | g_ascii_xdigit_value (end[1])) }, 1);
    end++;
  }
  if (bytes->len != count || !find_resource (bytes->data, bytes->len, &start, &length))
    return NULL;
  return g_bytes_new (bytes->data + start, length);
}
