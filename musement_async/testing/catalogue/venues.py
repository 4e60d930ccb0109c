"""The sights of the local catalogue: real names and coordinates."""

from attrs import frozen


@frozen
class Venue:
    """A sight of a city."""

    id: int
    city_id: int
    names: dict[str, str]
    latitude: float
    longitude: float


# id, city, English and Italian name, latitude, longitude
_VENUES = (
    (160, 2, "Colosseum", "Colosseo", 41.8902, 12.4922),
    (164, 2, "Vatican Museums", "Musei Vaticani", 41.9065, 12.4536),
    (165, 2, "Borghese Gallery", "Galleria Borghese", 41.9142, 12.4921),
    (166, 2, "Castel Sant'Angelo", "Castel Sant'Angelo", 41.9031, 12.4663),
    (200, 40, "Louvre Museum", "Museo del Louvre", 48.8606, 2.3376),
    (201, 40, "Eiffel Tower", "Torre Eiffel", 48.8584, 2.2945),
    (202, 40, "Orsay Museum", "Museo d'Orsay", 48.86, 2.3266),
    (210, 56, "Tower of London", "Torre di Londra", 51.5081, -0.0759),
    (211, 56, "Westminster Abbey", "Abbazia di Westminster", 51.4994, -0.1273),
    (212, 56, "Kew Gardens", "Giardini di Kew", 51.4787, -0.2956),
    (220, 60, "Sagrada Familia", "Sagrada Familia", 41.4036, 2.1744),
    (221, 60, "Park Güell", "Parco Güell", 41.4145, 2.1527),
    (222, 60, "Casa Batlló", "Casa Batlló", 41.3917, 2.1649),
    (230, 57, "Rijksmuseum", "Rijksmuseum", 52.36, 4.8852),
    (231, 57, "Van Gogh Museum", "Museo Van Gogh", 52.3584, 4.8811),
    (240, 55, "Empire State Building", "Empire State Building", 40.7484, -73.9857),
    (241, 55, "Statue of Liberty", "Statua della Libertà", 40.6892, -74.0445),
    (242, 55, "Metropolitan Museum of Art", "Metropolitan Museum of Art", 40.7794, -73.9632),
    (250, 168, "Burj Khalifa", "Burj Khalifa", 25.1972, 55.2744),
    (251, 168, "Museum of the Future", "Museo del Futuro", 25.2192, 55.282),
    (260, 3, "Uffizi Gallery", "Galleria degli Uffizi", 43.7678, 11.2553),
    (261, 3, "Accademia Gallery", "Galleria dell'Accademia", 43.7769, 11.2588),
    (262, 3, "Pitti Palace", "Palazzo Pitti", 43.7652, 11.25),
    (270, 4, "Doge's Palace", "Palazzo Ducale", 45.4337, 12.3402),
    (271, 4, "St Mark's Basilica", "Basilica di San Marco", 45.4345, 12.3397),
    (280, 71, "Jerónimos Monastery", "Monastero dos Jerónimos", 38.6979, -9.2068),
    (281, 71, "Lisbon Oceanarium", "Oceanario di Lisbona", 38.7636, -9.0937),
    (290, 52, "Pergamon Museum", "Museo di Pergamo", 52.5212, 13.3966),
    (291, 52, "Berlin TV Tower", "Torre della televisione di Berlino", 52.5208, 13.4094),
    (300, 58, "Acropolis", "Acropoli", 37.9715, 23.7257),
    (301, 58, "Acropolis Museum", "Museo dell'Acropoli", 37.9685, 23.7285),
    (310, 61, "Prado Museum", "Museo del Prado", 40.4138, -3.6921),
    (311, 61, "Royal Palace of Madrid", "Palazzo Reale di Madrid", 40.418, -3.7142),
    (320, 70, "Prague Castle", "Castello di Praga", 50.0909, 14.4005),
    (330, 82, "Schönbrunn Palace", "Castello di Schönbrunn", 48.1845, 16.3119),
    (331, 82, "Belvedere", "Belvedere", 48.1915, 16.3809),
    (340, 88, "Hungarian Parliament", "Parlamento ungherese", 47.5071, 19.0456),
    (350, 89, "Wawel Castle", "Castello del Wawel", 50.0541, 19.9354),
    (360, 193, "Hallgrímskirkja", "Hallgrímskirkja", 64.1417, -21.9266),
    (370, 1, "Milan Cathedral", "Duomo di Milano", 45.4641, 9.1919),
    (371, 1, "La Scala Theatre", "Teatro alla Scala", 45.4674, 9.1895),
    (380, 107, "Alcatraz Island", "Isola di Alcatraz", 37.827, -122.423),
    (390, 160, "Majorelle Garden", "Giardino Majorelle", 31.6417, -8.0034),
    (400, 59, "Topkapi Palace", "Palazzo Topkapi", 41.0115, 28.9834),
    (401, 59, "Hagia Sophia", "Santa Sofia", 41.0086, 28.9802),
    (410, 201, "Tokyo Skytree", "Tokyo Skytree", 35.7101, 139.8107),
    (420, 99, "Sydney Opera House", "Teatro dell'opera di Sydney", -33.8568, 151.2153),
    (430, 5, "National Archaeological Museum", "Museo archeologico nazionale", 40.8536, 14.2505),
    (440, 65, "Edinburgh Castle", "Castello di Edimburgo", 55.9486, -3.1999),
    (450, 67, "Trinity College Library", "Biblioteca del Trinity College", 53.3439, -6.2568),
    (460, 96, "Nymphenburg Palace", "Castello di Nymphenburg", 48.1583, 11.5033),
    (470, 75, "Tivoli Gardens", "Giardini di Tivoli", 55.6737, 12.5681),
    (480, 77, "Vasa Museum", "Museo Vasa", 59.328, 18.0914),
    (490, 9, "Egyptian Museum", "Museo egizio", 45.0684, 7.6843),
    (500, 194, "Christ the Redeemer", "Cristo Redentore", -22.9519, -43.2105),
    (510, 203, "Gardens by the Bay", "Giardini della Baia", 1.2816, 103.8636),
    (520, 204, "Grand Palace", "Grande Palazzo Reale", 13.75, 100.4913),
    (530, 1810, "Table Mountain", "Monte della Tavola", -33.9628, 18.4098),
    (540, 36, "Verona Arena", "Arena di Verona", 45.439, 10.9943),
    (550, 22, "Ducal Palace of Mantua", "Palazzo Ducale di Mantova", 45.1606, 10.7976),
)

VENUES = tuple(
    Venue(number, city_id, {"en": english, "it": italian}, latitude, longitude)
    for number, city_id, english, italian, latitude, longitude in _VENUES
)
