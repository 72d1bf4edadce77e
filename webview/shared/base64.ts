/** Bytes as a text that fits into a message. */

/** The content of a file in base 64. */
export async function toBase64(content: Blob): Promise<string> {
  const reader = new FileReader();
  await new Promise((resolve, reject) => {
    reader.addEventListener('load', resolve);
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the file cannot be read')));
    reader.readAsDataURL(content);
  });
  const address = String(reader.result);
  return address.slice(address.indexOf(',') + 1);
}
