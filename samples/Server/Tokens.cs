using System.Security.Cryptography;
using System.Text;

namespace Sharing.Server;

/// <summary>Bearer tokens: 256 random bits, kept as their SHA-256 alone.</summary>
public static class Tokens
{
    /// <summary>A new token.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>What is kept of it.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    internal static int Print()
    {
        var token = New();
        Console.WriteLine($"token:       {token}");
        Console.WriteLine($"TokenSha256: {HashOf(token)}");
        return 0;
    }
}
