/* The document's thumbnail, a drag source. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-thumbnail.h"

#include <glib/gi18n.h>

#include "limn-picture-provider.h"
#include "ui/pictures/limn-picture-texture.h"

#define SIZE 30      /* of the widget */
#define RENDER 96    /* of the texture, at least on the longer side */
#define DELAY_MS 400 /* after a change: a stroke is not followed */

struct _LimnThumbnail {
  GtkWidget parent;
  LimnSession *session;
  LimnDocument *document; /* the session's */
  GdkTexture *texture;
  guint timer;
};

G_DEFINE_FINAL_TYPE (LimnThumbnail, limn_thumbnail, GTK_TYPE_WIDGET)

enum { PROP_SESSION = 1 };

static GdkTexture *
render (LimnDocument *document)
{
  const int width = limn_document_get_width (document), height = limn_document_get_height (document);
  g_autoptr (LimnPicture) picture = NULL;
  LimnRect rect = { 0 };
  int level = 0;

  while (MAX (width, height) >> (level + 1) >= RENDER)
    level++;
  rect.width = MAX (1, width >> level);
  rect.height = MAX (1, height >> level);
  picture = limn_picture_new ((gsize) rect.width, (gsize) rect.height, 8, NULL);
  if (!picture)
    return NULL;
  if (limn_document_get_has_preview (document)) {
    limn_document_render (document, LIMN_SNAPSHOT_RESULT, level, &rect, limn_picture_get_data (picture), limn_picture_get_stride (picture));
  } else {
    g_autoptr (LimnSnapshot) snapshot = limn_document_dup_snapshot (document);

    limn_snapshot_render (snapshot, LIMN_SNAPSHOT_RESULT, G_MAXUINT, level, &rect, limn_picture_get_data (picture),
                          limn_picture_get_stride (picture));
  }
  return limn_picture_to_texture (picture);
}

static gboolean
update (gpointer user)
{
  LimnThumbnail *self = user;

  self->timer = 0;
  g_clear_object (&self->texture);
  self->texture = self->document ? render (self->document) : NULL;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

static void
changed (LimnThumbnail *self, int x, int y, int width, int height, LimnChange what)
{
  if (!(what & (LIMN_CHANGE_IMAGE | LIMN_CHANGE_PAINT | LIMN_CHANGE_SIZE)))
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (DELAY_MS, update, self);
}

void
limn_thumbnail_set_session (LimnThumbnail *self, LimnSession *session)
{
  LimnDocument *document;

  g_return_if_fail (LIMN_IS_THUMBNAIL (self));

  if (self->document)
    g_signal_handlers_disconnect_by_data (self->document, self);
  g_set_object (&self->session, session);
  document = session ? limn_session_get_document (session) : NULL;
  g_set_object (&self->document, document);
  if (self->document)
    g_signal_connect_swapped (self->document, "changed", G_CALLBACK (changed), self);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->document)
    self->timer = g_idle_add (update, self);
  g_clear_object (&self->texture);
}

/* Or the header, which this lies in, would move the window as well. */
static void
pressed (GtkGesture *gesture, GdkEventSequence *sequence, LimnThumbnail *self)
{
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static GdkContentProvider *
drag_prepare (GtkDragSource *source, double x, double y, LimnThumbnail *self)
{
  return self->session ? limn_picture_provider_new_for_session (self->session) : NULL;
}

static void
drag_begin (GtkDragSource *source, GdkDrag *drag, LimnThumbnail *self)
{
  if (self->texture)
    gtk_drag_source_set_icon (source, GDK_PAINTABLE (self->texture), 0, 0);
}

static void
limn_thumbnail_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural, int *minimum_baseline,
                        int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

/* The middle of the picture, as a square. */
static void
limn_thumbnail_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LimnThumbnail *self = LIMN_THUMBNAIL (widget);
  const float width = (float) gtk_widget_get_width (widget), height = (float) gtk_widget_get_height (widget);
  float scale, w, h;
  GskRoundedRect clip;

  if (!self->texture)
    return;
  scale = MAX (width / (float) gdk_texture_get_width (self->texture), height / (float) gdk_texture_get_height (self->texture));
  w = (float) gdk_texture_get_width (self->texture) * scale;
  h = (float) gdk_texture_get_height (self->texture) * scale;
  gsk_rounded_rect_init_from_rect (&clip, &GRAPHENE_RECT_INIT (0, 0, width, height), 6);
  gtk_snapshot_push_rounded_clip (snapshot, &clip);
  gtk_snapshot_append_texture (snapshot, self->texture, &GRAPHENE_RECT_INIT ((width - w) / 2, (height - h) / 2, w, h));
  gtk_snapshot_pop (snapshot);
}

static void
limn_thumbnail_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_object (value, LIMN_THUMBNAIL (object)->session);
}

static void
limn_thumbnail_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  limn_thumbnail_set_session (LIMN_THUMBNAIL (object), g_value_get_object (value));
}

static void
limn_thumbnail_dispose (GObject *object)
{
  limn_thumbnail_set_session (LIMN_THUMBNAIL (object), NULL);
  G_OBJECT_CLASS (limn_thumbnail_parent_class)->dispose (object);
}

static void
limn_thumbnail_class_init (LimnThumbnailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = limn_thumbnail_dispose;
  object_class->get_property = limn_thumbnail_get_property;
  object_class->set_property = limn_thumbnail_set_property;
  widget_class->measure = limn_thumbnail_measure;
  widget_class->snapshot = limn_thumbnail_snapshot;
  g_object_class_install_property (
    object_class, PROP_SESSION, g_param_spec_object ("session", NULL, NULL, LIMN_TYPE_SESSION, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_css_name (widget_class, "thumbnail");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
limn_thumbnail_init (LimnThumbnail *self)
{
  GtkDragSource *drag = gtk_drag_source_new ();

  g_signal_connect (drag, "begin", G_CALLBACK (pressed), self);
  g_signal_connect (drag, "prepare", G_CALLBACK (drag_prepare), self);
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), _("Drag the picture to another application or a folder"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("The picture, to be dragged out"), -1);
}
