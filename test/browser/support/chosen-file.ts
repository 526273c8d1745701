import { expect } from '@jest/globals';
import type { Locator } from 'playwright-core';

/** A file as somebody chooses it. */
export interface ChosenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Checks that a picture on a page is drawn, and that it is this file, byte for byte, from this origin. */
export async function expectPicture(image: Locator, file: ChosenFile, origin: string): Promise<void> {
  await image.waitFor();
  const { source, width, bytes } = await image.evaluate(async (element) => {
    // The page's own types are not those of the test.
    const picture = element as unknown as { src: string; naturalWidth: number; decode(): Promise<void> };
    await picture.decode();
    const answer = await fetch(picture.src);
    return {
      source: picture.src,
      width: picture.naturalWidth,
      bytes: [...new Uint8Array(await answer.arrayBuffer())],
    };
  });
  expect(new URL(source).origin).toBe(origin);
  expect(width).toBeGreaterThan(0);
  expect(Buffer.from(bytes).equals(file.buffer)).toBe(true);
}
