// What build.mjs makes of secshare/messages/page.toml.
declare module "texts" {
  const texts: Record<string, { readonly fr: string; readonly en: string }>;
  export default texts;
}
