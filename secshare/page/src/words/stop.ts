/**
 * The words that are never drawn, from `secshare/passphrase/stop.py`, which says why for each.
 *
 * Here they only decide an order: of two readings of a mistyped word, one that is never drawn is
 * tried last. A test compares the two lists.
 */

const STOPPED = {
  fr: `
  analyse arteriel bandage biopsie bistouri cerebral cerveau curatif dopamine embryon epidemie
  febrile femur fissure gelule hematome hormone hypnose injecter inoculer irradier lithium medecin
  microbe operer organe phobie pommade poumon psychose reanimer remede resultat revulsif scalpel
  sedatif serum sevrage survie therapie toxine vaccin virus affreux alarmer aneantir angoisse
  anxieux arsenic assaut atroce attaque blessant brutal calvaire crainte cruel cyanure danger
  desastre detresse diable effrayer ennemi fatigue feroce fleau frapper frayeur horrible hurler
  incendie infliger lacerer lugubre malefice malheur matraque maudire menacer monstre morsure
  naufrage nefaste nocif nuisible penible perte pleurer priver prison punitif ravager redouter
  sinistre sombre solitude suspect terrible tragique trahir tyran venger venimeux epitaphe eternel
  eteindre fatal ultime caresser denuder excitant feconder gicler intime jouissif orifice seduire
  semence seminal ethnie folie honteux injure insulter inutile maigre mechant mensonge outrager
  risible sottise vetuste vilain erreur illicite negation
  `,
  en: `
  addict alcohol anxiety asthma blood bone brain chronic clinic dentist diet disease disorder
  doctor dose fever heart hospital ill illness infant inject injury kidney negative nerve nurse
  organ patient pill pulse result sick stomach symptom test tissue virus abandon abuse accident
  afraid alone anger assault attack awful bleak bomb broken bullet cage chaos crash crime cruel
  cry damage danger denial despair destroy evil fatigue fury ghost gloom grief gun hazard horror
  hurt inflict knife lonely misery monster nasty nuclear panic pistol poverty prison rifle risk
  sad sadness scare shock shoot struggle suffer suspect trouble unhappy warfare weapon worry wreck
  demise expire fatal skull tragic vanish kiss blame crazy dumb fat guilt idle insane liar mad
  naive silly ugly useless weird error illegal wrong
  `,
};

/** Return the words of a language that are never drawn. */
export function stopList(language: "fr" | "en"): ReadonlySet<string> {
  return new Set(STOPPED[language].trim().split(/\s+/u));
}
