using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>A terminal's side of turning contacts into tokens: the server that makes the tokens sees no contact, and the terminal not the key (row A2).</summary>
/// <remarks>An oblivious pseudorandom function after RFC 9497 (OPRF on P-256), with points known by their x alone: a contact is a point P, the terminal sends r·P for a number r that
/// it draws, the server answers k·r·P, and the terminal takes r off again. So whoever does not know k needs the server for each number that he wants to try, and the server counts
/// (<see cref="RadarOptions.ContactBudget"/>). What comes out is shortened to 16 bytes.</remarks>
sealed class BlindContacts
{
    /// <summary>Bytes of a point on the wire: x, big-endian.</summary>
    public const int PointSize = 32;

    /// <summary>Bytes of a token.</summary>
    public const int TokenSize = 16;

    readonly byte[][] _inverses;

    /// <summary>Blinds contacts.</summary>
    /// <param name="contacts">Normal forms (<see cref="IContactNormalizer"/>).</param>
    public BlindContacts(IReadOnlyList<string> contacts)
    {
        _inverses = new byte[contacts.Count][];
        var points = new byte[contacts.Count][];
        for (var i = 0; i < contacts.Count; i++)
        {
            var (number, inverse) = P256.RandomScalar();
            (_inverses[i], points[i]) = (inverse, P256.Multiply(P256.PointOf(contacts[i]), number));
        }

        Points = points;
    }

    /// <summary>What is sent to the server.</summary>
    public IReadOnlyList<byte[]> Points { get; }

    /// <summary>The tokens, from what the server answered.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: that is no answer.</exception>
    public IReadOnlyList<byte[]> Unblind(IReadOnlyList<byte[]> answered) => answered.Count == _inverses.Length
        ? [.. answered.Select((point, i) => Token(P256.Multiply(point, _inverses[i])))]
        : throw new SharingException(ProblemCodes.InvalidInput, "The server answered for another number of contacts.");

    /// <summary>The token of a contact, made by who has the key.</summary>
    public static byte[] TokenOf(string contact, byte[] key) => Token(P256.Multiply(P256.PointOf(contact), key));

    static byte[] Token(byte[] point) => SHA256.HashData(point)[..TokenSize];
}
