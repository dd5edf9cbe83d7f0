using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Swarm;

/// <summary>The list of group hashes, without which a terminal can ask for nothing: first of the server; where that is busy, after a moment, of one terminal after the other.</summary>
sealed partial class Simulation
{
    const double Patience = 0.5;

    readonly int[] _lists;

    /// <summary>Asks a source for the list, if it has none yet: the server, or the next terminal if the last was asked some time ago or refused, whether its list comes or not.</summary>
    void AskProofs(Terminal terminal, int link)
    {
        if (terminal.Proofs || terminal.HasLeft || (link > 0 && link != terminal.NextList))
        {
            return;
        }

        if (link >= terminal.Links.Count)
        {
            terminal.NextList = 1;
            _agenda.Add(_time.Now + _transfer.FirstRest.TotalSeconds + Patience, What.AskProofs, terminal.Host, 1); // all were asked
            return;
        }

        if (link > 0)
        {
            if (terminal.Reads.Count > 0 && _time.Now - terminal.Adopting < Patience)
            {
                return; // it is looked at again when that is over
            }

            (terminal.NextList, terminal.Adopting) = (link + 1, _time.Now);
            _agenda.Add(_time.Now + Patience, What.AskProofs, terminal.Host, link + 1);
        }

        Begin(terminal, link, null, null);
    }

    /// <summary>A source has no list, or does not give it now.</summary>
    void AskOther(Terminal terminal, int link) => _agenda.Add(_time.Now + (link == 0 ? 1 : 0), What.AskProofs, terminal.Host, link == 0 ? 0 : terminal.NextList);

    void OpenProofs(Terminal terminal, int index)
    {
        ref var flow = ref _network[index];
        var (from, link) = (flow.From, flow.Link);
        if (terminal.Proofs || (from == Server && _lists[from] >= FirstCopies.MostLists) || (from != Server && !_terminals[from]!.Proofs))
        {
            terminal.Reads.Remove(index);
            _network.Remove(index);
            AskOther(terminal, link);
            return;
        }

        _lists[from]++;
        _network.Open(index, _groups * ContentId.Size);
    }

    void EndProofs(Terminal terminal, int index)
    {
        terminal.Proofs = true;
        _outcome.ProofBytes += _network[index].Bytes;
        DropProofs(terminal, index);
    }

    void DropProofs(Terminal terminal, int index)
    {
        ref var flow = ref _network[index];
        _lists[flow.From] -= flow.IsOpen ? 1 : 0;
        terminal.Reads.Remove(index);
        _network.Remove(index);
    }
}
