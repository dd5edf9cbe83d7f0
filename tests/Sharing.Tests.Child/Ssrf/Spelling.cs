using System.Net;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>An address as somebody may write it, and where it means to lead.</summary>
/// <param name="Text">The whole address, with a mark where a number makes it unique.</param>
/// <param name="Target">The forbidden address behind it.</param>
sealed record Spelling(string Text, IPAddress Target)
{
    /// <summary>Stands for the number of a fetch, by which no two addresses are the same.</summary>
    public const string Mark = "SERIAL";

    public string Address(int serial) => Text.Replace(Mark, serial.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
