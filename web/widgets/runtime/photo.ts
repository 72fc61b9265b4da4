/** A picture as it is sent: no wider or higher than it needs to be, and without what the camera wrote beside it. */

const kSide_px = 1600;
const kThumb_px = 88;
const kQuality = 0.85;

function drawn(picture: ImageBitmap, most: number): HTMLCanvasElement | undefined {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export interface Photo {
  name: string;
  blob: Blob;
  /** A small drawing of it: a canvas needs no leave of any policy. */
  thumb: HTMLCanvasElement;
}

/** Undefined when the browser cannot read it as a picture. */
export async function photoOf(file: File): Promise<Photo | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const [large, thumb] = [drawn(picture, kSide_px), drawn(picture, kThumb_px)];
    picture.close();
    const blob = await new Promise<Blob | null>((done) => (large ? large.toBlob(done, 'image/jpeg', kQuality) : done(null)));
    return blob && thumb ? {name: file.name, blob, thumb} : undefined;
  } catch {
    return undefined;
  }
}
