using System.Text;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>A terminal's answer to whoever looks for it.</summary>
/// <param name="Key">Its certificate's key, whose hash is its name: a SubjectPublicKeyInfo.</param>
/// <param name="Signature">Of "sharing-address", the number and the ticket, a line each (P-256, SHA-256, IEEE P1363).</param>
public sealed record AddressAnswer(byte[] Key, byte[] Signature)
{
    /// <summary>Whether the holder of a device's key has given it to this question.</summary>
    internal bool Fits(ClaimedPlace place, string nonce) => PeerCertificates.NameOf(Key) == place.Device && PublicKey.HasSigned(Key, Text(nonce, place.Ticket), Signature);

    /// <summary>What is signed.</summary>
    internal static byte[] Text(string nonce, string ticket) => Encoding.ASCII.GetBytes($"sharing-address\n{nonce}\n{ticket}");
}
