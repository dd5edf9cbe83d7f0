using System.Globalization;
using System.Runtime.InteropServices;

namespace Sharing.Benchmarks;

/// <summary>Synthetic address books in a file: 200 draws each, 120 from a community of 400 contacts, 60 from a city (skewed), 20 from 20,000 that everybody knows of (Zipf). Seeded.</summary>
static class RadarBookFile
{
    const int Community = 400, City = 20_000, World = 20_000, PeopleInCommunity = 50, PeopleInCity = 2500;

    /// <summary>Writes the books of so many people.</summary>
    public static void Write(string path, int people)
    {
        var random = new Random(1);
        using var file = new BinaryWriter(File.Create(path));
        file.Write(people);
        for (var person = 0; person < people; person++)
        {
            var book = new HashSet<int>();
            var (community, city) = (person / PeopleInCommunity, person / PeopleInCity);
            for (var draw = 0; draw < 200; draw++)
            {
                book.Add(draw < 120 ? World + (community * Community) + random.Next(Community)
                    : draw < 180 ? World + (people / PeopleInCommunity * Community) + Community + (city * City) + (int)(City * random.NextDouble() * random.NextDouble())
                    : (int)Math.Pow(World, random.NextDouble()) - 1);
            }

            file.Write(book.Count);
            foreach (var contact in book.Order())
            {
                file.Write(contact);
            }
        }
    }

    /// <summary>Reads them as tokens.</summary>
    public static IEnumerable<(int Person, ulong[] Tokens, ulong[] Own)> Read(string path) =>
        Contacts(path).Select(static (book, person) => (person, Array.ConvertAll(book, TokenOf), Array.Empty<ulong>()));

    /// <summary>Writes them as a table: a line for each contact of each person.</summary>
    public static void WriteTable(string path, string books)
    {
        using var table = new StreamWriter(path);
        foreach (var (person, book) in Contacts(books).Index())
        {
            foreach (var contact in book)
            {
                table.Write(string.Create(CultureInfo.InvariantCulture, $"{person}\t{contact}\n"));
            }
        }
    }

    /// <summary>Reads them: each book in rising order.</summary>
    public static IEnumerable<int[]> Contacts(string path)
    {
        using var file = new BinaryReader(new BufferedStream(File.OpenRead(path), 1 << 20));
        var people = file.ReadInt32();
        for (var person = 0; person < people; person++)
        {
            var bytes = file.ReadBytes(4 * file.ReadInt32());
            yield return MemoryMarshal.Cast<byte, int>(bytes).ToArray();
        }
    }

    /// <summary>A token as a hash would be: spread over all numbers.</summary>
    public static ulong TokenOf(int contact) => (((ulong)contact + 1) * 0x9E3779B97F4A7C15) ^ 0xD1B54A32D192ED03;
}
