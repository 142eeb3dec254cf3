/* A picture without its pixels as a variant: its size and its metadata.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-picture-header.h"

static GVariant *
bytes_to_variant (GBytes *bytes)
{
  return bytes ? g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE) : NULL;
}

GVariant *
limn_picture_make_header (LimnPicture *picture)
{
  const LimnPictureSource *source = limn_picture_get_source (picture);
  GVariantBuilder texts;
  GHashTableIter iter;
  gpointer key, value;
  g_autoptr (GBytes) none = g_bytes_new (NULL, 0);
  GBytes *profile = limn_picture_get_profile (picture);
  LimnResolution resolution = limn_picture_get_resolution (picture);

  g_variant_builder_init (&texts, G_VARIANT_TYPE ("a(ayay)"));
  g_hash_table_iter_init (&iter, limn_picture_get_texts (picture));
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_variant_builder_add (&texts, "(^ay^ay)", key, value);
  return g_variant_new ("(tttddb@aym@aym@aya(ayay)bbiiiui)", (guint64) limn_picture_get_width (picture),
                        (guint64) limn_picture_get_height (picture), (guint64) limn_picture_get_depth (picture), resolution.x, resolution.y,
                        limn_picture_get_has_alpha (picture), bytes_to_variant (profile ? profile : none),
                        bytes_to_variant (limn_picture_get_gray_profile (picture)), bytes_to_variant (limn_picture_get_exif (picture)),
                        &texts, source->gray, source->lossless, source->quality, source->chroma_h, source->chroma_v, source->cicp,
                        source->pages);
}

gboolean
limn_picture_header_size (GVariant *header, LimnPictureSize *size)
{
  guint64 width, height, depth;

  g_variant_get_child (header, 0, "t", &width);
  g_variant_get_child (header, 1, "t", &height);
  g_variant_get_child (header, 2, "t", &depth);
  if (width == 0 || height == 0 || width > LIMN_PICTURE_MAX_SIDE || height > LIMN_PICTURE_MAX_SIDE ||
      width * height > LIMN_PICTURE_MAX_PIXELS || (depth != 8 && depth != 16))
    return FALSE;
  *size = (LimnPictureSize){ width, height, (int) depth, width * height * 4 * depth / 8 };
  return TRUE;
}

static GBytes *
child_bytes (GVariant *header, gsize index)
{
  g_autoptr (GVariant) child = g_variant_get_child_value (header, index);
  g_autoptr (GVariant) inner = g_variant_is_of_type (child, G_VARIANT_TYPE_MAYBE) ? g_variant_get_maybe (child) : g_variant_ref (child);
  return inner && g_variant_get_size (inner) > 0 ? g_variant_get_data_as_bytes (inner) : NULL;
}

void
limn_picture_read_header (LimnPicture *picture, GVariant *header)
{
  LimnPictureSource *source = limn_picture_get_source (picture);
  LimnResolution resolution;
  gboolean alpha;
  g_autoptr (GBytes) profile = child_bytes (header, 6), gray_profile = child_bytes (header, 7), exif = child_bytes (header, 8);
  g_autoptr (GVariantIter) texts = NULL;
  const char *key, *value;

  g_variant_get (header, "(tttddb@aym@aym@aya(ayay)bbiiiui)", NULL, NULL, NULL, &resolution.x, &resolution.y, &alpha, NULL, NULL, NULL,
                 &texts, &source->gray, &source->lossless, &source->quality, &source->chroma_h, &source->chroma_v, &source->cicp,
                 &source->pages);
  limn_picture_set_resolution (picture, resolution);
  limn_picture_set_has_alpha (picture, alpha);
  limn_picture_set_profile (picture, profile);
  limn_picture_set_gray_profile (picture, gray_profile);
  limn_picture_set_exif (picture, exif);
  while (g_variant_iter_next (texts, "(^&ay^&ay)", &key, &value))
    g_hash_table_insert (limn_picture_get_texts (picture), g_strdup (key), g_strdup (value));
}
