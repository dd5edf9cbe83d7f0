using System.Buffers;

namespace Sharing.Apps;

/// <summary>Telephone numbers as E.164, e-mail addresses in lower case with the domain in ASCII. Thread-safe.</summary>
/// <remarks>A number is known by its plan: country code, trunk and international prefixes, and the lengths of national numbers; whether anybody has it is not asked.
/// Of e-mail addresses no provider's habits are known: dots and what follows a plus stay.</remarks>
public sealed class ContactNormalizer : IContactNormalizer
{
    /// <summary>The greatest length of a contact; a longer one is none.</summary>
    public const int MaxLength = 512;

    /// <inheritdoc/>
    public string Version => "sharing.contacts/1";

    /// <inheritdoc/>
    public string? Normalize(string contact, string region)
    {
        ArgumentNullException.ThrowIfNull(contact);
        ArgumentNullException.ThrowIfNull(region);
        if (contact.Length is 0 or > MaxLength)
        {
            return null;
        }

        return contact.AsSpan().ContainsAny(s_at) ? EmailAddress.Normalize(contact) : PhoneText.Read(contact) is { } written ? PhoneNumber.Normalize(written, region) : null;
    }

    // The sign itself, full-width and small: they are one after normalisation.
    static readonly SearchValues<char> s_at = SearchValues.Create("@\uFF20\uFE6B");
}
