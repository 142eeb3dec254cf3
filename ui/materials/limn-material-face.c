/* What a material looks like. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material-face.h"

#include "limn-material-textures.h"
#include "ui/pictures/limn-picture-texture.h"

struct _LimnMaterialFace {
  GtkWidget parent_instance;
  guint8 label;
  float radius;
  GdkTexture *own; /* or NULL */
};

G_DEFINE_FINAL_TYPE (LimnMaterialFace, limn_material_face, GTK_TYPE_WIDGET)

/* A bit of four, one of a group: whatever its colour says. */
static void
append_guess (GtkSnapshot *snapshot, float width, float height)
{
  LimnMaterialTextures *textures = limn_material_textures_get ();
  for (guint group = 0, index = 0; group < 4; group++) {
    while (limn_material_get (index).group != group)
      index++;
    GdkTexture *texture = limn_material_textures_peek (textures, limn_material_get (index).label);
    float x = group % 2 ? width / 2 : 0, y = group / 2 ? height / 2 : 0;
    gtk_snapshot_append_texture (snapshot, texture, &GRAPHENE_RECT_INIT (x, y, width / 2, height / 2));
  }
}

static void
limn_material_face_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LimnMaterialFace *self = LIMN_MATERIAL_FACE (widget);
  float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  GdkTexture *texture = self->own ? self->own : limn_material_textures_peek (limn_material_textures_get (), self->label);
  GskRoundedRect round;
  GdkRGBA edge;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &edge);
  gsk_rounded_rect_init_from_rect (&round, &bounds, self->radius);
  gtk_snapshot_push_rounded_clip (snapshot, &round);
  if (texture)
    gtk_snapshot_append_texture (snapshot, texture, &bounds);
  else if (self->label == LIMN_MATERIAL_GUESS)
    append_guess (snapshot, width, height);
  else
    gtk_snapshot_append_color (snapshot, &(GdkRGBA){ edge.red, edge.green, edge.blue, edge.alpha * 0.2f }, &bounds);
  gtk_snapshot_pop (snapshot);
  edge.alpha *= 0.25f;
  gtk_snapshot_append_border (snapshot, &round, (float[4]){ 1, 1, 1, 1 }, (GdkRGBA[4]){ edge, edge, edge, edge });
}

static void
limn_material_face_finalize (GObject *object)
{
  g_clear_object (&LIMN_MATERIAL_FACE (object)->own);
  G_OBJECT_CLASS (limn_material_face_parent_class)->finalize (object);
}

static void
limn_material_face_class_init (LimnMaterialFaceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = limn_material_face_finalize;
  GTK_WIDGET_CLASS (klass)->snapshot = limn_material_face_snapshot;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
limn_material_face_init (LimnMaterialFace *self)
{
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  g_signal_connect_object (limn_material_textures_get (), "changed", G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
limn_material_face_new (guint8 label, int size, float radius)
{
  LimnMaterialFace *self = g_object_new (LIMN_TYPE_MATERIAL_FACE, NULL);
  self->label = label;
  self->radius = radius;
  gtk_widget_set_size_request (GTK_WIDGET (self), size, size);
  return GTK_WIDGET (self);
}

void
limn_material_face_set_label (LimnMaterialFace *self, guint8 label, LimnPicture *surface)
{
  self->label = label;
  g_clear_object (&self->own);
  self->own = surface ? limn_picture_to_texture (surface) : NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
