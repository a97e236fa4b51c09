/** Pixels on a canvas: nothing that could be followed, opened in a tab, or run. */
import { useEffect, useRef } from 'preact/hooks';

export function PictureCanvas({
  bitmap,
  label,
}: {
  readonly bitmap: ImageBitmap;
  /** For whoever does not see it. */
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(bitmap, 0, 0);
  }, [bitmap]);
  return (
    <canvas
      class="picture__canvas"
      ref={canvas}
      width={bitmap.width}
      height={bitmap.height}
      role="img"
      aria-label={label}
    />
  );
}
