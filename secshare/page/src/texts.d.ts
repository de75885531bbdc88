// What build.mjs makes of secshare/messages/page.toml: a text, or the two sentences of an error.
declare module "texts" {
  type Text = string | { readonly what: string; readonly do: string };
  const texts: Record<string, { readonly fr: Text; readonly en: Text }>;
  export default texts;
}
