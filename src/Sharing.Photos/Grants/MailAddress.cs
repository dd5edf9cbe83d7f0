using System.Text.RegularExpressions;

namespace Sharing.Photos;

/// <summary>Addresses that mail is sent to: the plain ones of RFC 5321 (dot-atoms of ASCII), without quoted names, comments and display names, in which headers could be hidden.</summary>
static partial class MailAddress
{
    public static bool Fits(string? address) => address is { Length: <= 254 } && address.IndexOf('@', StringComparison.Ordinal) <= 64 && Plain.IsMatch(address);

    [GeneratedRegex(@"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain { get; }
}
