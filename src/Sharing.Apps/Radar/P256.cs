using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Apps;

/// <summary>Arithmetic on NIST P-256 with points known by their x: multiplication is the system's own Diffie-Hellman, whose outcome is x, too.</summary>
/// <remarks>A point and its negative share x, and so do their multiples: which of the two is taken does not matter. The order is prime, so there is no small subgroup; an x that is on no
/// point is refused.</remarks>
static class P256
{
    static readonly BigInteger Prime = Hex("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    static readonly BigInteger Order = Hex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    static readonly BigInteger B = Hex("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");
    static readonly byte[] Domain = "sharing contact 1\0"u8.ToArray();

    /// <summary>The point that stands for a text: the first x, of those that hashing gives one after the other, that is on one.</summary>
    public static byte[] PointOf(string text)
    {
        byte[] input = [.. Domain, .. Encoding.UTF8.GetBytes(text), 0];
        while (true)
        {
            var x = SHA256.HashData(input);
            if (Y(x) is not null)
            {
                return x;
            }

            input[^1]++;
        }
    }

    /// <summary>A number drawn at random, and its inverse.</summary>
    public static (byte[] Number, byte[] Inverse) RandomScalar()
    {
        while (true)
        {
            var bytes = RandomNumberGenerator.GetBytes(BlindContacts.PointSize);
            var number = Read(bytes);
            if (number > 0 && number < Order)
            {
                return (bytes, Write(BigInteger.ModPow(number, Order - 2, Order)));
            }
        }
    }

    /// <summary>A multiple of a point.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it is on no point.</exception>
    public static byte[] Multiply(byte[] x, byte[] number)
    {
        var y = Y(x) ?? throw new SharingException(ProblemCodes.InvalidInput, "That is no point of the curve.");
        using var own = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = number });
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = x, Y = Write(y) } });
        return own.DeriveRawSecretAgreement(other.PublicKey);
    }

    /// <summary>One of the two y of an x: y² = x³ − 3x + b, by a root that a prime of 3 modulo 4 has.</summary>
    static BigInteger? Y(byte[] bytes)
    {
        if (bytes.Length != BlindContacts.PointSize || Read(bytes) is var x && x >= Prime)
        {
            return null;
        }

        var square = (BigInteger.Remainder((x * x * x) - (3 * x) + B, Prime) + Prime) % Prime;
        var y = BigInteger.ModPow(square, (Prime + 1) / 4, Prime);
        return y * y % Prime == square ? y : null;
    }

    static BigInteger Read(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    static byte[] Write(BigInteger number)
    {
        var bytes = new byte[BlindContacts.PointSize];
        var length = number.GetByteCount(isUnsigned: true);
        number.TryWriteBytes(bytes.AsSpan(bytes.Length - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }

    static BigInteger Hex(string hex) => Read(Convert.FromHexString(hex));
}
