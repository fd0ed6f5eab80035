"""Addresses with what must come out: the worked cases of B.5, two field cases, and what was met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """An address beside the country of its column, and the certainty of each watched place in it."""

    name: str
    country: str | None
    text: str
    places: dict[str, str] = field(default_factory=dict)


SURE, POSSIBLE = "sure", "possible"

WORKED = [
    Case("R01", "UA", "ul. Lenina 5, Simferopol", {"UA-43": SURE}),
    Case("R02", "RU", "Simferopol, Respublika Krym 295000", {"UA-43": SURE}),
    Case("R03", None, "Sevastopol", {"UA-43": SURE}),
    Case("R04", "TR", "Kirim Cad. 12, Ankara"),
    Case("R05", "GB", "Crimea Road, Marlborough"),
    Case("R06", "US", "Sebastopol, CA 95472"),
    Case("R07", "RU", "Krymsk, Krasnodarskiy kray"),
    Case("R08", "RU", "Donetsk, Rostovskaya obl. 346330"),
    Case("R09", "UA", "Donetsk", {"UA-14": POSSIBLE}),
    Case("R10", "UA", "prosp. Myru, Mariupol 87500", {"UA-14": SURE}),
    Case("R11", "DE", "Berlin"),
    Case("R12", "AE", "Dubai"),
    Case("R12, site", None, "Yalta, Crimea", {"UA-43": SURE}),
    Case("R13", "IR", "Dubai Marina, Dubai", {"AE": POSSIBLE}),
    Case("R14", "AE", "Office 4, Tehran, Iran", {"IR": SURE}),
    Case("R15", None, "Pyongyang", {"KP": SURE}),
    Case("R16", "CN", "Shanghai"),
    Case("R17", "NZ", "Cuba Street, Wellington"),
    Case("R18", "UA", "Kherson", {"UA-65": POSSIBLE}),
]
"""The rows of the worked cases, as far as they concern places. UA-65 is told and means a note only."""

CRIMEA_SHOPS = [
    Case("A1", "UA", "Naberezhna 4, Yalta, Krimea", {"UA-43": SURE}),
    Case("A2", None, "12 Lenina St, Simferopol", {"UA-43": SURE}),
    Case("A3", "RU", "ul. Bolshaya Morskaya 3, Sevastopol, Russia", {"UA-43": SURE}),
    Case("A4", "UA", "Artema 12, Donetsk", {"UA-14": POSSIBLE}),
    Case("A5", "UA", "Sovetskaya 5, Luhansk", {"UA-09": SURE}),
    Case("A6", None, "Krym, Kerch, Gorkogo 7", {"UA-43": SURE}),
    Case("A7", None, "Симферополь, ул. Ленина 2", {"UA-43": SURE}),
    Case("A8", "UA", "Yalta, Donetsk Oblast", {"UA-14": POSSIBLE, "UA-43": POSSIBLE}),
    Case(
        "A9",
        "JP",
        "Embassy of the Islamic Republic of Iran, 3-13-9 Minami-Azabu, Minato-ku, Tokyo",
        {"IR": POSSIBLE},
    ),
    Case("A10", None, "Valiasr Avenue 100, Teheran", {"IR": SURE}),
    Case("A11", "AE", "Office 4, Enghelab St., Tehran, Iran", {"IR": SURE}),
    Case("A12", "US", "200 Main St, Crimea Township, OH"),
    Case("A13", "US", "14 Sevastopol St, Brooklyn, NY, USA"),
    Case("A14", None, "Feodosiya, Republic of Crimea, 298100", {"UA-43": SURE}),
    Case("A15", "UA", "Evpatoria, AR Krym", {"UA-43": SURE}),
    Case("A16", None, "Qeshm Island Free Zone", {"IR": SURE}),
    Case("A17", None, "Pyongyang", {"KP": SURE}),
    Case("A18", None, "Habana Vieja, La Habana", {"CU": SURE}),
    Case("A19", None, "Damascus", {"SY": POSSIBLE}),
    Case("A20", "UA", "Mariupol, Donetska obl.", {"UA-14": SURE}),
    Case("A21", "BE", "Permanent Mission of Cuba, Brussels", {"CU": POSSIBLE}),
    Case("A22", "UA", "Massandra, Yalta Municipality", {"UA-43": SURE}),
    Case("A23", "UA", "Alushta", {"UA-43": SURE}),
    Case("A24", "UA", "Jalta, Krim", {"UA-43": SURE}),
    Case("A25", "UA", "Dzhankoy 96100", {"UA-43": SURE}),
]
"""The customers of field case 02: a region or country is found or asked for all but A12 and A13."""

COUNTRY_COLUMN = [
    Case("B10", None, "Valiasr Avenue 100, Tehran, Iran", {"IR": SURE}),
    Case("B11", "AE", "Enghelab St 5, Tehran, Iran", {"IR": SURE}),
    Case("B14", None, "Jalta, Krim", {"UA-43": SURE}),
    Case("B15", None, "Naberezhna 4, Krimea", {"UA-43": SURE}),
    Case("B16", "UA", "Alushta, Lenina 5", {"UA-43": SURE}),
    Case("B17", "UA", "Yalta, Crimea", {"UA-43": SURE}),
    Case("B18", "EE", "Yalta, Republic of Crimea", {"UA-43": SURE}),
]
"""The customers of field case 03 that have an address."""

STREETS = [
    Case("suffix street", "KR", "Teheran-ro 5, Gangnam-gu, Seoul"),
    Case("French street", "FR", "12 rue de Crimée, 75019 Paris"),
    Case("boulevard", "FR", "Boulevard de Sébastopol 4, Paris"),
    Case("boulevard after a number", None, "12 boulevard de Sebastopol, Paris"),
    Case("Spanish street", "PA", "Avenida Cuba, Panamá"),
    Case("Persian street word", "IQ", "شارع طهران, بغداد"),
    Case("Russian street", "RU", "ул. Крым 5, Москва"),
    Case("Chinese street", "CN", "上海市伊朗路5号"),
    Case("a town after a whole street", None, "12 Lenin Street Simferopol", {"UA-43": SURE}),
    Case("a town before a street", None, "г. Симферополь ул. Ленина 2", {"UA-43": SURE}),
    Case("an island after a boulevard", None, "Andisheh Blvd. Kish Island", {"IR": SURE}),
    Case("Turkish quarter", "TR", "Kırım Mahallesi, Eskişehir"),
    Case("Spanish avenue", "ES", "Paseo de La Habana 5, Madrid"),
    Case("Ukrainian adjective", "UA", "вул. Кримська 5, Київ"),
    Case("bridge", "GB", "Sevastopol Wharf 2"),
]

NAMESAKES = [
    Case("Havana, Illinois", None, "Havana, Illinois 62644"),
    Case("Havana, US column", "US", "Havana, IL"),
    Case("Havana alone", None, "Calle 23, Havana", {"CU": POSSIBLE}),
    Case("Havana, other column", "DE", "Calle 23, Havana", {"CU": POSSIBLE}),
    Case("Sebastopol, no column", None, "Sebastopol, CA 95472"),
    Case("Sevastopol, Wisconsin", "US", "Sevastopol, WI 54235"),
    Case("Donetsk of Rostov in Russian", "RU", "Ростовская обл., г. Донецк"),
    Case("Donetsk by its postcode", "RU", "Donetsk 346340"),
    Case("Donetsk, Russia", "RU", "Donetsk", {"UA-14": POSSIBLE}),
    Case("Gus-Khrustalny", "RU", "Gus-Khrustalnyy 601501"),
    Case("Cuba, Missouri", "US", "Cuba, MO 65453"),
    Case("Damascus, US column", "US", "Damascus, MD 20872"),
    Case("Damascus, Dubai column", "AE", "P.O. Box 12, Damascus", {"SY": POSSIBLE}),
    Case("San Antonio", None, "San Antonio, TX"),
    Case("Inner Mongolia", "CN", "内蒙古巴彦淖尔市"),
    Case("Koreans in China", "CN", "延边朝鲜族自治州"),
    Case("Kerman, California", None, "Kerman, CA 93630"),
    Case("Inkerman, Ontario", "CA", "Inkerman, Ontario", {"UA-43": POSSIBLE}),
    Case("Lima, Ohio", "US", "Lima, OH"),
    Case("Cuba, Portugal", "PT", "Cuba, Beja"),
    Case("Damascus Gate", "IL", "Damascus Gate, Jerusalem"),
    Case("Amur", "RU", "Belogorsk, Amurskaya obl."),
]

SIGNS = [
    Case("two possible", "UA", "Kerch, Sudak", {"UA-43": SURE}),
    Case("one place in two spellings", "UA", "Kerch (Керчь)", {"UA-43": POSSIBLE}),
    Case("town and Russian postcode", "UA", "ul. Tankistov 4, Kerch 298313", {"UA-43": SURE}),
    Case("Russian postcode alone", "RU", "ul. Lenina 5, 295011", {"UA-43": SURE}),
    Case("Ukrainian postcode alone", "UA", "vul. Kirova 28, 98312", {"UA-43": SURE}),
    Case("a postcode of the oblast", "UA", "vul. Artema 5, 83015", {"UA-14": POSSIBLE}),
    Case("Donetsk with a postcode", "UA", "Donetsk 83015", {"UA-14": SURE}),
    Case("a town nobody knows of", "UA", "Kramatorsk, Donetsk oblast 84300", {"UA-14": POSSIBLE}),
    Case("Singapore", None, "Novena, Singapore 298135"),
    Case("a number with nothing near", None, "Unit 5, 298135"),
    Case("India", None, "Civil Lines, Jhansi 284001"),
    Case("a post box", "RU", "P.O. Box 295000"),
    Case("abroad", "DE", "Mariupol", {"UA-14": POSSIBLE}),
    Case("so-called", "UA", "Donetsk, DNR", {"UA-14": SURE}),
]

COUNTRIES = [
    Case("code at the end", "AE", "Valiasr 5, IR", {"IR": SURE}),
    Case("three letters", "AE", "Valiasr 5, IRN", {"IR": SURE}),
    Case("upper case", "AE", "VALIASR 5, TEHRAN, IRAN", {"IR": SURE}),
    Case("Persian", None, "تهران، خیابان ولیعصر", {"IR": SURE}),
    Case("Chinese", None, "伊朗德黑兰", {"IR": SURE}),
    Case("Korean", None, "평양시 중구역", {"KP": SURE}),
    Case("Japanese", "JP", "東京都港区 北朝鮮", {"KP": SURE}),
    Case("reversed", None, "Korea, Democratic People's Republic of", {"KP": SURE}),
    Case("South Korea", "KR", "Seoul, Republic of Korea"),
    Case("embassy in Chinese", "JP", "东京 伊朗大使馆", {"IR": POSSIBLE}),
    Case("embassy by its adjective", "FR", "Iranian Embassy, 4 avenue d'Iéna, Paris", {"IR": POSSIBLE}),
    Case("embassy in Russian", "RU", "Посольство Ирана, Москва", {"IR": POSSIBLE}),
    Case("an adjective alone", "AE", "Iranian Hospital, Jumeirah, Dubai"),
    Case("building", "AE", "Bank Melli Iran Building, Deira, Dubai", {"IR": POSSIBLE}),
    Case("the column's country is named", "AE", "Tehran Carpets, Naif, Dubai, UAE", {"IR": POSSIBLE}),
    Case("two offices", "AE", "Dubai, UAE and Tehran, Iran", {"IR": SURE}),
    Case("Syria", None, "Rif Dimashq", {"SY": SURE}),
    Case("Cuba at the end", None, "Vedado, Cuba", {"CU": SURE}),
    Case(
        "a street named after a republic",
        "MX",
        "República de Cuba 17, Centro, Ciudad de México",
        {"CU": POSSIBLE},
    ),
    Case("a street named after a country", "PK", "Iran 12, Karachi", {"IR": POSSIBLE}),
    Case("a code after the country", "AE", "Valiasr 5, Tehran, Iran 12345", {"IR": SURE}),
    Case("Port of Spain", "TT", "56 Richmond Street, Port of Spain"),
    Case("nothing but the column", "DE", "Hauptstr. 5, Berlin, Germany"),
]

ALL = [*WORKED, *CRIMEA_SHOPS, *COUNTRY_COLUMN, *STREETS, *NAMESAKES, *SIGNS, *COUNTRIES]
