using System.Security.Cryptography;

namespace Sharing.S3;

/// <summary>The keys of objects in the bucket. Every object has a name that is never used again: so no late request can meet another one's bytes.</summary>
static class ObjectNames
{
    public const string Contents = "contents/";
    public const string Pieces = "partials/";

    const string GroupsSuffix = ".groups";
    const int NameLength = 32;
    const int IdLength = 2 * ContentId.Size;

    public static string New() => RandomNumberGenerator.GetHexString(NameLength, lowercase: true);

    public static string Data(ContentId id, string name) => $"{Contents}{id}-{name}";

    public static string Groups(ContentId id, string name) => Data(id, name) + GroupsSuffix;

    public static string Piece(string name) => Pieces + name;

    /// <summary>The keys that an object of a content may have.</summary>
    public static IEnumerable<string> All(ObjectName name) => [Data(name.Id, name.Name), Groups(name.Id, name.Name)];

    /// <summary>Which content's object a key is of, and whether it is its list of hashes; <c>null</c>: of none.</summary>
    public static (ContentId Id, string Name, bool IsGroups)? Parse(string key)
    {
        if (!key.StartsWith(Contents, StringComparison.Ordinal))
        {
            return null;
        }

        var groups = key.EndsWith(GroupsSuffix, StringComparison.Ordinal);
        var rest = key.AsSpan(Contents.Length);
        rest = groups ? rest[..^GroupsSuffix.Length] : rest;
        return rest.Length == IdLength + 1 + NameLength && rest[IdLength] == '-' && ContentId.TryParse(rest[..IdLength], out var id)
            ? (id, rest[(IdLength + 1)..].ToString(), groups)
            : null;
    }
}
