namespace Sharing.Apps;

/// <summary>Writes a contact of an address book in the one spelling by which contacts are compared.</summary>
/// <remarks>Thread-safe singleton; answers from what it holds alone, never waits. The same rules must hold wherever address books are compared: two
/// normalisers that disagree about a contact lose a friend, so <see cref="Version"/> goes into the tokens made of contacts.</remarks>
public interface IContactNormalizer
{
    /// <summary>Name and version of the rules; changes with every rule.</summary>
    string Version { get; }

    /// <summary>Writes a contact in its one spelling. What comes out comes out of it again, for any region.</summary>
    /// <param name="contact">As a person wrote it: a telephone number or an e-mail address.</param>
    /// <param name="region">Where the owner of the address book is (ISO 3166 alpha-2): by its rules a number without a country is read. A region that is not known, or
    /// none (""), has no such rules.</param>
    /// <returns><c>+491711234567</c> (E.164) or <c>name@example.org</c>; <c>null</c>: neither number nor address. Never an exception for what is in it.</returns>
    string? Normalize(string contact, string region);
}
