using System.Security.Cryptography;
using System.Text;

namespace Sharing.Apps;

/// <summary>A person as a part of a record's key: the hash of his id, since an id of any length and letters would not fit twice.</summary>
static class PersonKey
{
    public static string Of(PersonId person) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person.Value)));
}
