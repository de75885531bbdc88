"""Seal with drawn words, read them back as a person types them, tell wrong words from damage."""

from io import BytesIO

from secshare import age, errors, passphrase

document = "Compte rendu de Mme Jeanne EXEMPLE, née en 1958 : tout va bien.".encode()

# Ten words that nobody chose. Only drawn words may be used with the light work factor, which lets
# a telephone open the file; any other string would be given the heavy one.
words = passphrase.draw()
sealed = BytesIO()
age.encrypt(BytesIO(document), sealed, [age.ScryptRecipient(words)])
print(f"sealed: {len(sealed.getvalue())} bytes, {words.bits:.1f} bits of words")

# What a person types: capitals, spaces, a quote from the printed sheet.
typed = f"« {words.reveal().replace('-', '  ').upper()} »"
opened = BytesIO()
for candidate in passphrase.understand(typed).candidates:
    sealed.seek(0)
    try:
        age.decrypt(sealed, opened, [age.ScryptIdentity(candidate)])
    except errors.PassphraseWrong:
        continue  # the next reading of what was typed
    break
assert opened.getvalue() == document
print("opened with the words as typed")

# Wrong words and a damaged file are two different failures, each with its own advice.
sealed.seek(0)
try:
    age.decrypt(sealed, BytesIO(), [age.ScryptIdentity("abaisser-abandon")])
except errors.PassphraseWrong as error:
    print("wrong words:", error)

damaged = bytearray(sealed.getvalue())
damaged[-1] ^= 1
try:
    age.decrypt(BytesIO(damaged), BytesIO(), [age.ScryptIdentity(words.reveal())])
except errors.PayloadDamaged as error:
    print("damaged file:", error)
