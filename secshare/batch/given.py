"""First names that are common in France: by them a name tells where its family name stands.

Without accents, as `fold` has them; of every age, and of many origins. No such list is whole, and
this one need not be: what tells nothing excuses nobody, and the names of a manifest tell together
in which order they are written.
"""

from __future__ import annotations

from typing import Final

__all__ = ["FIRST", "FIRST_OR_FAMILY"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIRST: Final = _words(
    """
    aaron abdel abdelkader abdoulaye abdullah abel achille adama adele adeline adem adrien
    adrienne agathe agnes agnieszka aicha aime aimee aissata aissatou alain alan alba albane
    albert alberte alex alexandra alexandre alexia alexis alfonse alfred alice alicia aline alix
    alma alphonse alphonsine alya amadou amandine amaury ambre ambrine ambroise amedee amel amelia
    amelie amin amina aminata amine amir amira ana anais anatole andre andrea andree ange angela
    angele angelina angelique angelo anissa anita anna annabelle anne annette annick annie anouk
    anthony antoine antoinette antonia antonin antonio apolline ariane aristide arlette armand
    armande armelle arthur assetou assia astrid aude audrey auguste augustin augustine aurelia
    aurelie aurelien aurore awa axel axelle aya ayoub ayse aziz baptiste barbara barnabe basile
    bastien beatrice benedicte benjamin benoit berangere berenice bernadette bernard berthe bilal
    binta bintou blaise blanche blandine boubacar brahim brigitte bruno bryan camille candice
    capucine carine carla carlos carmela carmen carole caroline casimir catherine cecile cedric
    celeste celestin celia celine chafik chantal charlene charles charlie charline charlotte
    charly cheikh chloe christel christelle christian christiane christine christophe cindy claire
    clara clarisse claude claudette claudie claudine clemence clementine cleo clotaire clotilde
    colette coline come conceicao concetta constance coralie corentin corinne cynthia cyprien
    cyril cyrille damien daniel daniele danielle daphne deborah delphine denise diane didier
    dimitri djamel djamila djeneba djibril dominique dorian dorothee dounia driss dylan eddy edgar
    edith edmond edouard edwige elena eleonore elia eliane elias elie elif elina eline eliott
    elisa elisabeth elise ella elodie eloi eloise elsa elvire elvis emeline emeric emile emilie
    emilien emine emma emmanuel emmanuelle emmy enguerrand enora enzo eric erika ernest erwan
    esteban estelle esther ethan etienne eugene eugenie eulalie eva evan eve evelyne ewa fabian
    fabien fabienne fabrice fadila faiza fanny farid farida fatiha fatim fatima fatimata fatma
    fatou fatoumata faustine felicie felicite felix ferdinand fernand fernanda fernande fernando
    fiona flavie flora florence florent florentin florian foucauld francesco francine francis
    francisco franck francky francois francoise frank fred freddy frederic frederique gabin
    gabriel gabriela gabrielle gael gaelle gaetan garance gaspard gaston genevieve geoffrey
    geoffroy georges georgette gerald geraldine gerard germaine ghislain ghislaine gilbert
    gilberte gilles ginette giovanni gisele giulia giuseppe gladys gonzague gregoire gregory
    guillaume gustave guy gwenael gwenaelle gwendoline gwenn gwladys habib hadrien hafida hakim
    halima hamid hamza hanna hannah harry hatice hayat hector helena helene henri henriette
    hermine herve hicham hocine honore honorine hortense houria hugo hugues huguette huseyin
    ibrahima idriss ilan ilyas ilyes iman imane imran ines ingrid irene irenee irina iris isabel
    isabelle isidore ismael ismail ivan jacky jacqueline jacques jacquy jade jamal jamila jason
    jean jeanine jeanne jeannette jeannine jennifer jeremie jeremy jerome jessica jimmy joachim
    joanna joao jocelyn jocelyne joel joelle johan johanna johnny jonas jonathan jordan jorge
    joris jose josee joseph josephine josette joshua josiane josselin jude judith jules julia
    julie julien julienne juliette juline justin justine kadiatou kamel kamila karim karima karine
    karl katell katia kelly kenza kevin khadidja khadija khaled khalid krzysztof kylian laetitia
    lahcen laila lamia lamine lana latifa laura laure laurence laurene laurie laurine lea leana
    leandre leila leo leon leonard leonce leonie leontine leopold leopoldine leslie liam lila
    lilian liliane lilou lina linda linh lionel lisa lise lison loana loann loic lola loris lou
    louane louis louisa louise louna luc lucette lucia lucie lucien lucienne lucile lucille
    ludivine ludmila ludovic luigi luis luna lurdes lyam lydia lydie lyna lysiane madeleine mael
    maelle maelys maeva magali mahamadou maia mailys maiwenn malik malika malo mamadou mamoudou
    manel manon manuel manuela marc marceau marcel marcelle margaux margot marguerite maria mariam
    mariama marianne marie mariette marina marine mario marion marius marjorie marlene marouane
    marthe martine marwa maryam maryline maryse maryvonne mateo mathias mathilde mathis mathys
    matteo matthias matthieu maud maurice mauricette max maxence maxime maya mehdi mehmet melanie
    melina melissa melody messaoud mia michael michel michele micheline michelle mickael miguel
    mila milan milo mireille modou mohamed mohammed moise mona monique morgane mourad murat muriel
    mustafa mustapha mylene myriam nabil nacer nadege nadia nadine naim naima najat naomi nassim
    nassima natacha nathalie nathan nathanael nawel nelly nicolas nicole nina nino ninon noa noah
    noe noelie noelle noemie nolan nolwenn nora norbert nordine nour oceane octave odette odile
    olga olivia olivier omar ondine ophelie oriane oscar othman oumar oumou ousmane pablo paola
    pascal pascale patrice patricia patrick paul paula paule paulette pauline paulo pedro peggy
    perrine philippe philomene pierre pierrette pierrick priscilla prune quentin rachel rachid
    rachida ramatoulaye raoul raphael raphaelle rayan raymonde rebecca redouane regine regis reine
    rejane remi renaud rene renee rita rodolphe roger rokia roland rolande romain romane romeo
    romuald romy ronan rosa rosalie rose roseline roselyne rosine roxane rozenn ruben ruddy rudy
    rui ryan sabine sabrina sacha safia saida salif salim salima salome salvatore samantha sami
    samia samir samira samuel samy sandra sandrine sara sarah sasha sebastien sekou selma serge
    severine sidonie simone slimane sofia sofiane soizic solange solene solenn solenne sonia
    sophia sophie soraya souleymane soumaya stanislas stanislaw stella stephane stephanie steve
    steven suzanne suzette suzie suzy svetlana sybille sylvain sylvaine sylvestre sylvia sylviane
    sylvie tanguy tania tao tarik tatiana teddy teresa thais theo theodore theophile therese
    thibaud thibault thibaut thierry tiago tiffany timeo timothee tiphaine titouan tom tony
    tristan ugo ulysse ursule valentin valentine valere valerie vanessa vera veronique victoire
    victoria victorien victorine vincenzo violette virginie viviane vladimir wafa walid wassim
    wendy wesley wiam wilfrid wilfried william xavier yacine yael yamina yanis yann yannick yannis
    yasmina yasmine yassine yohan yohann yolande youcef younes youssef yuna yusuf yves yvette yvon
    yvonne zacharie zahra zakaria zakia zelie zephyr zeynep zineb zoe zohra
    """
)
"""Words that are first names far more often than family names, though any may be one."""

FIRST_OR_FAMILY: Final = _words(
    """
    abdallah adam ahmed ali anselme arnaud aubert bao barthelemy bertrand brice cesar clement colin
    constant david denis desire firmin gauthier gautier germain gervais hassan henry hilaire hubert
    huong hussein ibrahim isaac issa jacob james john lambert laurent lucas marcelin marin martial
    martin mathieu minh morgan moussa noel paulin prosper raymond remy richard robert robin rodrigue
    rolland said salomon samson sauveur simon thanh thomas toussaint urbain victor vincent
    """
)
"""Words that are both: as many bear them as a family name, or nearly, or more. At an end of a name,
they tell nothing: who is called Martin Exemple is no relative of Jean Martin."""
