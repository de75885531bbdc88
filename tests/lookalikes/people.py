"""An ordinary French directory, drawn from a seed: nobody in it exists.

Names are the most common ones of France, put together at random: far fewer different names than so
many real people have, so that more of them come near each other than in a practice.
"""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from secshare.errors import RecipientDataInvalid
from secshare.recipients import parse_phone

_GIVEN = """
Marie Jean Pierre Michel Philippe Nathalie Isabelle Sylvie Catherine Martine Alain Patrick
Nicolas Christophe Jacques Françoise Monique Daniel Christian Bernard Éric Frédéric Laurent
Stéphane Julien Sébastien Thomas Alexandre Christine Valérie Sandrine Véronique Céline Stéphanie
Sophie Virginie Aurélie Julie Émilie Camille Léa Manon Chloé Emma Inès Jade Louise Alice Lina
Rose Anna Juliette Lucas Enzo Hugo Louis Gabriel Arthur Raphaël Jules Adam Maël Léo Nathan Paul
Théo Antoine Maxime Clément Romain Quentin Kevin Anthony Jérémy Benjamin Guillaume Florian
Vincent Mathieu Simon Rémi Olivier Thierry Pascal Bruno Didier Gérard Serge René Roger Marcel
André Robert Henri Georges Lucien Jeanne Marguerite Suzanne Yvonne Simone Denise Paulette
Jacqueline Andrée Renée Odette Ginette Colette Danielle Josiane Annie Chantal Brigitte Nicole
Patricia Corinne Laurence Karine Delphine Laetitia Élodie Mélanie Pauline Marion Laura Sarah
Justine Mathilde Charlotte Lucie Clara Eva Zoé Agathe Mohamed Fatima Karim Nadia Yasmine Samir
Ahmed Aïcha Rachid Leïla Jean-Pierre Jean-Claude Marie-Claude Jean-Paul Anne-Marie Marie-Hélène
Jean-Luc Marie-Thérèse
"""

_FAMILY = """
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre
Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent
Muller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand
Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand
Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière
Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal
Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre
Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert
Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer
Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard
Maillard Baron Bertin Bailly Hervé Schneider Fernandez Collet Leger Bouvier Julien Prévost
Millet Perrot Cousin Germain Breton Besson Langlois Rémy Le Pelletier Lévêque Perrier Leblanc
Barre Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard
Gillet Étienne Grondin Poulain Tessier Chevallier Collin Chauvin Bouchet Gay Lemaître Bénard
Maréchal Humbert Reynaud Antoine Hoarau Perret Barthélemy Cordier Pichon Lejeune Gilbert Lamy
Delaunay Pasquier Carlier Laporte Gros Buisson Briand Alexandre Georges Joubert Fischer Albert
Vallée Guillet Bigot Cohen Riou Pineau Besnard Ferrand Coulon Maurice Leduc Hoareau Blanchet
Delmas Jourdan Vaillant Gomez Dos-Santos Regnier Imbert Launay Gonçalves Weiss Tanguy Blondel
Verdier Camus Couturier Delattre Leconte Chartier Charrier Mahé Valentin Bazin Evrard Favre
Maury Gaudin Texier Rousset Hebert Peltier Duhamel Lacombe Navarro Ollivier Thibault Salmon
Voisin Vigneron Guilbert Toussaint Barbe Bodin Chambon Deshayes Gicquel Jamet Kieffer Lebreton
Merle Neveu Pages Quéré Rault Sauvage Tournier Ung Vautrin Wagner Zimmermann Traoré Diallo
Nguyen Benali Haddad Kaya Silva Ferreira Pereira Lefort Legoff Lemonnier Letellier Lombard
Magnier Maillot Mangin Marion Martel Masse Mauger Maurel Millot Monier Morand Nicolle Pascal
Paul Pelletier Petitjean Pons Potier Poulet Prigent Prost Raymond Raynaud Renaudin Richet Rigaud
Rossi Sabatier Samson Serre
"""

GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()

PROVIDERS = {
    "gmail.com": 36, "orange.fr": 15, "hotmail.fr": 9, "free.fr": 8, "wanadoo.fr": 7, "yahoo.fr": 6,
    "outlook.fr": 4, "sfr.fr": 4, "laposte.net": 4, "hotmail.com": 4, "live.fr": 3, "icloud.com": 3,
    "neuf.fr": 1, "bbox.fr": 1, "yahoo.com": 1, "gmx.fr": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    name: str
    born: date
    email: str
    phone: str


def ascii_of(name: str) -> str:
    """A name as people write it in an address."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return letters.replace("'", "").replace(" ", "")


def local_of(draw: random.Random, given: str, family: str, born: date) -> str:
    """What somebody of this name puts before the @."""
    first, last = ascii_of(given), ascii_of(family)
    plain = first.replace("-", "")
    initials = "".join(part[0] for part in first.split("-"))
    local = draw.choices(
        (
            f"{first}.{last}",
            f"{plain}{last}",
            f"{last}.{plain}",
            f"{initials}.{last}",
            f"{initials}{last}",
            f"{plain}_{last}",
            f"{plain}-{last}",
            f"{last}{plain}",
            f"{plain}.{last[:1]}",
        ),
        (40, 16, 9, 8, 7, 3, 3, 5, 1),
    )[0]
    kind = draw.random()
    if kind < 0.10:
        local += f"{draw.randrange(100):02}"
    elif kind < 0.18:
        local += f"{born.year % 100:02}" if draw.random() < 0.6 else str(born.year)
    elif kind < 0.20:
        local += str(draw.randrange(1, 10))
    return local


def is_number(phone: str) -> bool:
    try:
        return parse_phone("phone", phone, region="FR") == phone
    except RecipientDataInvalid:
        return False


def people(count: int, seed: int, *, landlines: float = 0.1) -> list[Person]:
    """Draw so many people, no two with one address or number, nor with one name and birth date."""
    draw = random.Random(seed)
    exchanges = [f"4{draw.randrange(10**4):04}" for _ in range(40)]
    made: list[Person] = []
    taken: set[object] = set()
    while len(made) < count:
        given, family = draw.choice(GIVEN), draw.choice(FAMILY)
        born = date(1930, 1, 1) + timedelta(days=draw.randrange(90 * 365))
        local = local_of(draw, given, family, born)
        host = draw.choices(list(PROVIDERS), list(PROVIDERS.values()))[0]
        while f"{local}@{host}" in taken:  # the provider refuses it: one takes a number
            local += str(draw.randrange(10))
        if draw.random() < landlines:
            phone = f"+33{draw.choice(exchanges)}{draw.randrange(10**4):04}"
        else:
            phone = f"+33{draw.choice('6667')}{draw.randrange(10**8):08}"
        if not is_number(phone):
            continue
        person = Person(f"{given} {family}", born, f"{local}@{host}", phone)
        if {person.phone, (person.name, born)} & taken:
            continue
        taken |= {person.email, person.phone, (person.name, born)}
        made.append(person)
    return made
