// Sealing documents to the practice: an archive, as the practice's own, in an age file.

import { Encrypter } from "age-encryption";

import { type Member, writeArchive } from "./archive.ts";
import { gathered } from "./blobs.ts";
import { Failure } from "./failure.ts";
import { parseReference } from "../words/reference.ts";
import type { Progress } from "./unlocking.ts";

/**
 * Seal documents to the practice's hybrid recipient (`age1pq1…`, which no later machine opens from a
 * copy kept today). The answer's reference stands in the file's name and in the archive's comment.
 */
export async function seal(
  documents: readonly Member[],
  recipient: string,
  answers: string | null,
  progress: Progress,
): Promise<Member> {
  if (documents.length === 0 || !recipient.startsWith("age1pq1")) throw new Failure("fault");
  const reference = answers === null ? null : parseReference(answers);
  const archive = await writeArchive(documents, ["secshare answer", reference].filter(Boolean).join(" "));
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const blob = await gathered(await encrypter.encrypt(archive.stream), (done) => {
    progress(Math.min(1, done / archive.size));
  });
  return { name: `${["reponse", reference].filter(Boolean).join("-")}.zip.age`, blob };
}
