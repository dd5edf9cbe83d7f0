using System.Security.Cryptography;

namespace HikingClub;

/// <summary>The club's members, friends and followers.</summary>
sealed class Members(ClubDatabase database)
{
    const int Rounds = 100_000;

    public async Task JoinAsync(string handle, string name, string password, string? mail = null)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        await database.WriteAsync(
            "INSERT OR REPLACE INTO member (handle, name, mail, password) VALUES ($handle, $name, $mail, $password)",
            ("$handle", handle), ("$name", name), ("$mail", mail),
            ("$password", $"{Convert.ToHexString(salt)}.{Convert.ToHexString(HashOf(password, salt))}"));
    }

    /// <summary>The name of the member who has this password, or <c>null</c>.</summary>
    public async Task<string?> SignInAsync(string handle, string password, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            "SELECT name, password FROM member WHERE handle = $handle", r => (Name: r.GetString(0), Password: r.GetString(1)), cancellationToken,
            ("$handle", handle));
        return rows is [var (name, stored)] && stored.Split('.') is [var salt, var hash]
            && CryptographicOperations.FixedTimeEquals(HashOf(password, Convert.FromHexString(salt)), Convert.FromHexString(hash))
                ? name
                : null;
    }

    public Task<List<MemberRow>> ListAsync(string me, CancellationToken cancellationToken) => database.ReadAsync(
        """
        SELECT handle, name,
            EXISTS (SELECT 1 FROM friendship WHERE one = min(handle, $me) AND other = max(handle, $me)),
            EXISTS (SELECT 1 FROM following WHERE follower = $me AND followed = handle)
        FROM member WHERE handle <> $me ORDER BY name
        """,
        r => new MemberRow(r.GetString(0), r.GetString(1), r.GetBoolean(2), r.GetBoolean(3)), cancellationToken, ("$me", me));

    public Task BefriendAsync(string one, string other, bool friends) => database.WriteAsync(
        friends
            ? "INSERT OR IGNORE INTO friendship (one, other) VALUES (min($one, $other), max($one, $other))"
            : "DELETE FROM friendship WHERE one = min($one, $other) AND other = max($one, $other)",
        ("$one", one), ("$other", other));

    public Task FollowAsync(string follower, string followed, bool follows) => database.WriteAsync(
        follows
            ? "INSERT OR IGNORE INTO following (follower, followed) VALUES ($follower, $followed)"
            : "DELETE FROM following WHERE follower = $follower AND followed = $followed",
        ("$follower", follower), ("$followed", followed));

    static byte[] HashOf(string password, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, Rounds, HashAlgorithmName.SHA256, 32);
}

/// <summary>A member, seen by another.</summary>
sealed record MemberRow(string Handle, string Name, bool IsFriend, bool IsFollowed);
