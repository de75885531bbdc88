/** Words: understanding what a person typed or pasted. */

export { completed, holds, type Language, LANGUAGES, list as prepare } from "./lists";
export { WORDS, WORDS_STRONG } from "./limits";
export { fold } from "./text";
export {
  type Corrected,
  correctedIn,
  type Mark,
  understand,
  type Understood,
  type Unread,
} from "./understanding";
