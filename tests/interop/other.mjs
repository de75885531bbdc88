// The JavaScript implementation of age, as a filter: one JSON request on stdin, one answer.
// {do: "encrypt", recipients, passphrase, factor, data}, {do: "decrypt", identities, passphrase,
// data}, {do: "keys"}; data in base64.
import { Decrypter, Encrypter, generateHybridIdentity, generateX25519Identity, identityToRecipient } from "age-encryption";
import { readFileSync } from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf8"));

async function answer() {
  if (asked.do === "keys") {
    const identities = [await generateX25519Identity(), await generateHybridIdentity()];
    const pairs = identities.map(async (one) => [one, await identityToRecipient(one)]);
    return { pairs: await Promise.all(pairs) };
  }
  const data = new Uint8Array(Buffer.from(asked.data, "base64"));
  if (asked.do === "encrypt") {
    const encrypter = new Encrypter();
    if (asked.factor) encrypter.setScryptWorkFactor(asked.factor);
    if (asked.passphrase) encrypter.setPassphrase(asked.passphrase);
    for (const recipient of asked.recipients ?? []) encrypter.addRecipient(recipient);
    return { data: Buffer.from(await encrypter.encrypt(data)).toString("base64") };
  }
  const decrypter = new Decrypter();
  if (asked.passphrase) decrypter.addPassphrase(asked.passphrase);
  for (const identity of asked.identities ?? []) decrypter.addIdentity(identity);
  return { data: Buffer.from(await decrypter.decrypt(data)).toString("base64") };
}

process.stdout.write(JSON.stringify(await answer()));
