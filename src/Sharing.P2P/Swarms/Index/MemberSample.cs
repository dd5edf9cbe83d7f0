using System.Collections;

namespace Sharing.P2P;

/// <summary>Members as JSON, which is what most who ask want; read back where somebody looks at them.</summary>
sealed class MemberSample(ReadOnlyMemory<byte> json) : IReadOnlyList<SwarmMember>
{
    SwarmMember[]? _members;

    public ReadOnlyMemory<byte> Json => json;

    public int Count => Members.Length;

    SwarmMember[] Members => _members ??= System.Text.Json.JsonSerializer.Deserialize(json.Span, P2PJson.Default.SwarmMemberArray)!;

    public SwarmMember this[int index] => Members[index];

    public IEnumerator<SwarmMember> GetEnumerator() => ((IEnumerable<SwarmMember>)Members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
